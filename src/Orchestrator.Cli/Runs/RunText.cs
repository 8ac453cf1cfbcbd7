using System.Globalization;
using System.Text;

namespace Orchestrator.Cli;

/// <summary>Runs in words.</summary>
internal static class RunText
{
    private const int LongestReason = 200;

    /// <summary>An event as one line; <see langword="null"/> for those that only the record needs.</summary>
    public static string? Of(RunEvent recorded, RunBoard board) => recorded switch
    {
        RunEvent.WorkspaceOpened opened => $"repository opened at {Short(opened.Base.Commit)}, branch {opened.Branch}",
        RunEvent.CallStarted started => $"{started.Call,-4} {board.CapabilityOf(started.Call)} …",
        RunEvent.AttemptEnded { Receipt: { Succeeded: false } receipt } ended => $"{(ended.Call == CallId.Decider ? "    " : $"{ended.Call,-4}")} attempt {ended.Attempt} failed: {Plain.Brief(receipt.Error, LongestReason)}",
        RunEvent.CommitEnded committed => $"{committed.Call,-4} committed {string.Join(", ", committed.Paths)}",
        RunEvent.CallEnded ended => $"{ended.Call,-4} {board.CapabilityOf(ended.Call)}: {Of(ended.Result)}",
        RunEvent.QuestionAsked asked => $"{asked.Call,-4} asks: {Plain.Brief(asked.Question.Text, LongestReason)}",
        RunEvent.QuestionAnswered answered => $"{answered.Call,-4} answered{(answered.By.Length > 0 ? $" by {answered.By}" : "")}: {Plain.Brief(answered.Answer ?? "(nobody)", LongestReason)}",
        RunEvent.VerdictGiven { Verdict: Verdict.Deny deny } denied => $"policy {denied.Policy} says no: {Plain.Brief(deny.Reason, LongestReason)}",
        RunEvent.VerdictGiven { Verdict: Verdict.Require require } required => $"policy {required.Policy} asks for {require.Call.Capability}: {Plain.Brief(require.Reason, LongestReason)}",
        RunEvent.DecisionRejected rejected => $"decision rejected: {Plain.Brief(rejected.Reason, LongestReason)}",
        RunEvent.CancelRequested cancel => $"cancellation asked for{(cancel.Reason.Length > 0 ? $": {Plain.Brief(cancel.Reason, LongestReason)}" : "")}",
        RunEvent.CommandRefused refused => $"command refused: {Plain.Brief(refused.Reason, LongestReason)}",
        RunEvent.LimitReached limit => $"limit reached: {limit.Detail}",
        RunEvent.Paused paused => $"paused: {Plain.Brief(paused.Reason, LongestReason)}",
        RunEvent.Finished finished => $"{Word(finished.Status)}",
        _ => null,
    };

    public static string Of(CallResult result) => Plain.Brief(
        result switch
        {
            { Evidence: { } evidence } => Of(evidence),
            { Error: { } error } => $"{error.Code}: {error.Message}",
            _ => result.Claim.ToString().ToLowerInvariant(),
        },
        LongestReason);

    public static string Of(TestReport.Evidence? evidence) => evidence switch
    {
        null => "not run",
        { Green: true, Passed: 0 } => "green",
        { Green: true } => $"green ({evidence.Passed} passed)",
        { Outcome: TestReport.Result.Empty } => "no test ran",
        { Outcome: TestReport.Result.NotRun } => "could not be run",
        { Outcome: TestReport.Result.TimedOut } => "red (time limit reached)",
        { Failed: 0, Passed: 0 } => "red (the command failed)",
        _ => Plain.Line($"red ({evidence.Failed} failed, {evidence.Passed} passed{(evidence.Failing.Count > 0 ? $": {string.Join(", ", evidence.Failing.Take(3))}{(evidence.Failing.Count > 3 ? ", …" : "")}" : "")})"),
    };

    /// <summary>What a run hands over, and what can be done next.</summary>
    public static string Of(RunResult result, string hint, string journalHint)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n{Word(result.Status)}: {Plain.Text(result.Summary)}\n\n");
        if (result.TestsBefore is not null || result.TestsAfter is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Tests:   before {Of(result.TestsBefore)}; after {Of(result.TestsAfter)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Change:  {DiffStat.Of(result.Diff)}{(result.Branch.Length > 0 ? $", on branch {result.Branch}" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"Used:    {Of(result.Usage, result.Cost)}\n");
        foreach (var note in result.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"Note:    {Plain.Line(note)}\n");
        }

        foreach (var call in result.Calls.Where(call => call is { Status: CallState.Phase.AwaitingAnswer, Question: not null }))
        {
            var question = call.Question!;
            text.Append(CultureInfo.InvariantCulture, $"\n{call.Id} asks: {Plain.Text(question.Text)}\n");
            if (call.Call.RequiredFor is { } about && result.Calls.Any(each => each.Id == about && each.Reply is not null))
            {
                text.Append(CultureInfo.InvariantCulture, $"Look:    orchestrator diff {hint} --call {about}{journalHint}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"Answer:  orchestrator answer {hint} {call.Id} {(question.Options.Count > 0 ? string.Join('|', question.Options) : "TEXT")}{journalHint}\n");
        }

        foreach (var next in NextOf(result))
        {
            text.Append(CultureInfo.InvariantCulture, $"Next:    orchestrator {next} {hint}{journalHint}\n");
        }

        return text.ToString();
    }

    public static string Of(TokenUsage usage, decimal cost) => string.Create(
        CultureInfo.InvariantCulture,
        $"{usage.Input} tokens in, {usage.Output} out{(cost > 0 ? "; cost " + cost.ToString("0.0000", CultureInfo.InvariantCulture) : "")}");

    public static string Of(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00} min");

    public static string Word(RunStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The end of the id, which the run's branch is named by: the beginning is a time, and runs of one minute share it.</summary>
    public static string Short(RunId run) => run.ToString()[^12..];

    public static string Short(string hash) => hash.Length > 10 ? hash[..10] : hash;

    private static IEnumerable<string> NextOf(RunResult result) => result.Status switch
    {
        RunStatus.Paused or RunStatus.Running => ["resume"],
        _ when result.Diff.Length > 0 => ["diff", "apply", "transcript"],
        _ => ["transcript"],
    };
}
