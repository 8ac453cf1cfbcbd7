using Orchestrator;

namespace WebHost;

/// <summary>A bug in a list.</summary>
internal sealed record BugSummary(RunId Run, string Title, RunStatus Status, DateTimeOffset ReportedAt)
{
    public static BugSummary Of(RunSummary run) => new(run.Run, run.Goal, run.Status, run.AcceptedAt);
}

/// <summary>Where a bug stands: what was done about it, and what a person is asked.</summary>
internal sealed record BugView(RunId Run, string Title, RunStatus Status, string Summary, string Branch, BugView.Tests? Before, BugView.Tests? After, IReadOnlyList<BugView.Question> Questions)
{
    public static BugView Of(RunRecord record)
    {
        var result = record.ToResult();
        var asking = result.Calls.Where(call => call is { Status: CallState.Phase.AwaitingAnswer, Question: not null });
        return new BugView(
            record.Run, record.State.Task.Goal, result.Status, result.Summary, result.Branch, Tests.Of(result.TestsBefore), Tests.Of(result.TestsAfter),
            [.. asking.Select(call => new Question(call.Id, call.Question!.Text, call.Question.Options))]);
    }

    /// <summary>A test run.</summary>
    internal sealed record Tests(bool Green, IReadOnlyList<string> Failing)
    {
        public static Tests? Of(TestReport.Evidence? evidence) => evidence is null ? null : new(evidence.Green, evidence.Failing);
    }

    /// <summary>What a person is asked; the answer goes to <c>/bugs/{run}/answers/{call}</c>.</summary>
    internal sealed record Question(CallId Call, string Text, IReadOnlyList<string> Options);
}
