using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>A test command made ready: restricted to a subset and told to write its report.</summary>
/// <param name="Text">What the shell is given.</param>
/// <param name="Reports">Whether it was told to write a report, so that none means that no test ran.</param>
internal sealed partial record TestCommand(string Text, bool Reports)
{
    private static string Results => OperatingSystem.IsWindows() ? "\"%ORCHESTRATOR_RESULTS%\"" : "\"$ORCHESTRATOR_RESULTS\"";

    public static TestCommand For(GitRepositoryOptions options, IReadOnlyList<string> tests)
    {
        var text = options.Test;
        if (tests.Count > 0 && (options.Subset ?? Derive(options.Test)) is { } subset && subset.For(tests) is { Length: < 100_000 } part)
        {
            text = part;
        }

        return options.Results is TestResultFormat.ExitCode or TestResultFormat.JUnit && !Pytest().IsMatch(text) ? new(text, options.Results == TestResultFormat.JUnit)
            : options.Results != TestResultFormat.ExitCode && DotNetTest().IsMatch(text) && !OwnLogger().IsMatch(text) ? new(DotNetTest().Replace(text, $"$& --logger trx --results-directory {Results}", 1), true)
            : options.Results is not (TestResultFormat.ExitCode or TestResultFormat.Trx) && Pytest().IsMatch(text) && !text.Contains("--junit", StringComparison.Ordinal)
                ? new(Pytest().Replace(text, $"$& --junitxml={Results}/pytest.xml", 1), true)
            : new(text, options.Results is TestResultFormat.Trx or TestResultFormat.JUnit);
    }

    private static TestSubset? Derive(string test) =>
        PlainDotNetTest().IsMatch(test) ? TestSubset.DotNet with { Command = test + " --filter {tests}" }
        : PlainPytest().IsMatch(test) ? TestSubset.Pytest with { Command = test + " -k {tests}" }
        : null;

    // At the start of a simple command: the beginning of the text, or after a word that ends one.
    [GeneratedRegex(@"(?<=^\s*|[;&|(]\s*|\s(?:then|do|exec|time)\s+)dotnet\s+test(?=$|[\s;&|)])")]
    private static partial Regex DotNetTest();

    [GeneratedRegex(@"(?<=^\s*|[;&|(]\s*|\s(?:then|do|exec|time)\s+)(?:\S*python[\d.]*\s+-m\s+pytest|(?:\S*/)?pytest)(?=$|[\s;&|)])")]
    private static partial Regex Pytest();

    [GeneratedRegex(@"\s(?:--logger|-l|--results-directory)(?:$|[\s:=""'])")]
    private static partial Regex OwnLogger();

    [GeneratedRegex(@"^\s*dotnet\s+test(?:\s+(?!--filter\b|--(?:\s|$))[^\s;&|<>()`$]+)*\s*$")]
    private static partial Regex PlainDotNetTest();

    [GeneratedRegex(@"^\s*(?:\S*python[\d.]*\s+-m\s+pytest|(?:\S*/)?pytest)(?:\s+(?!-k\b)[^\s;&|<>()`$]+)*\s*$")]
    private static partial Regex PlainPytest();
}
