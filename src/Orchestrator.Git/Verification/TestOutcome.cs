using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Tells from a command's end and its reports how the verification went.</summary>
internal static partial class TestOutcome
{
    private const int CommandNotExecutable = 126;
    private const int CommandNotFound = 127;
    private const int PytestNothingCollected = 5;

    public static TestReport Tell(string tree, TestCommand command, CommandResult result, ReportContents reports, Func<string, string> relative)
    {
        var (outcome, remark) = Judge(command, result, reports);
        return new TestReport(tree, outcome)
        {
            Command = command.Text,
            ExitCode = result.ExitCode,
            Cases = [.. reports.Cases.Select(test => test with { Message = relative(test.Message) })],
            Output = string.Join('\n', ((string[])[relative(result.Output), .. reports.Notes, remark]).Where(part => part.Length > 0)),
            OutputCut = result.OutputCut,
            Duration = result.Duration,
        };
    }

    private static (TestReport.Result Outcome, string Remark) Judge(TestCommand command, CommandResult result, ReportContents reports)
    {
        var ran = reports.Cases.Any(test => test.Outcome != TestReport.CaseResult.Skipped);
        var reported = reports.Files > 0;
        return result switch
        {
            { End: CommandEnd.NotStarted } => (TestReport.Result.NotRun, ""),
            { End: CommandEnd.TimedOut } => (TestReport.Result.TimedOut, $"[Ended at its time limit after {result.Duration.TotalSeconds:F0} s, with every process it had started.]"),
            { ExitCode: CommandNotFound } when !reported => (TestReport.Result.NotRun, "[A program of the test command was not found (exit code 127). Install it, correct the command, or check the PATH that this process has.]"),
            { ExitCode: CommandNotExecutable } when !reported => (TestReport.Result.NotRun, "[A program of the test command may not be executed (exit code 126). Correct its permissions or the command.]"),
            { ExitCode: PytestNothingCollected } when !ran && PythonTests().IsMatch(command.Text) => (TestReport.Result.Empty, "[No test was found.]"),
            { ExitCode: not 0 } => (TestReport.Result.Failed, ""),
            _ when reports.Cases.Any(test => test.Outcome == TestReport.CaseResult.Failed) => (TestReport.Result.Failed, "[The command ended with exit code 0, but its report has failed tests.]"),
            _ when reports.Broken => (TestReport.Result.Passed, ""),
            _ when reported && !ran => (TestReport.Result.Empty, "[The command ended well, but its report shows not one test that ran.]"),
            _ when !reported && command.Reports => (TestReport.Result.Empty, "[The command ended well, but left no report, as it does where there are no tests.]"),
            _ when !reported && NothingRan().IsMatch(result.Output) => (TestReport.Result.Empty, "[The command ended well without running a test.]"),
            _ => (TestReport.Result.Passed, ""),
        };
    }

    // The last lines of test runners that end with exit code 0 when they have found nothing.
    [GeneratedRegex(@"^(?:# tests 0|ℹ tests 0|Ran 0 tests in .*|testing: warning: no tests to run)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NothingRan();

    [GeneratedRegex(@"pytest|unittest")]
    private static partial Regex PythonTests();
}
