using System.Globalization;
using Orchestrator;

namespace BugfixAssistant;

/// <summary>Tells a run's steps as they come, and in the end what it hands over.</summary>
internal static class Steps
{
    public static async Task WatchAsync(IOrchestrator orchestrator, RunId run, TextWriter output, CancellationToken cancellationToken)
    {
        var capabilities = new Dictionary<CallId, string>();
        DateTimeOffset? start = null;
        try
        {
            await foreach (var recorded in orchestrator.WatchAsync(run, cancellationToken: cancellationToken))
            {
                start ??= recorded.At;
                if (Describe(recorded.Event, capabilities) is { } line)
                {
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(recorded.At - start.Value).TotalSeconds,6:0.0} s  {line}"));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever drives the run says that it was stopped.
        }
    }

    public static async Task WriteAsync(RunResult result, string transcript, TextWriter output)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync(result.Diff.Length > 0 ? result.Diff : "(nothing was changed)");
        await output.WriteLineAsync($"Status:     {result.Status.ToString().ToLowerInvariant()}");
        await output.WriteLineAsync($"Summary:    {result.Summary}");
        await output.WriteLineAsync($"Tests:      {Describe(result.TestsBefore)}  →  {Describe(result.TestsAfter)}");
        await output.WriteLineAsync($"Branch:     {result.Branch}");
        await output.WriteLineAsync($"Tokens:     {result.Usage.Input} in, {result.Usage.Output} out");
        await output.WriteLineAsync($"Transcript: {transcript}");
    }

    private static string? Describe(RunEvent recorded, Dictionary<CallId, string> capabilities)
    {
        switch (recorded)
        {
            case RunEvent.WorkspaceOpened opened:
                return $"repository opened, branch {opened.Branch}";
            case RunEvent.CallCreated created:
                capabilities[created.Call] = created.Request.Capability;
                return null;
            case RunEvent.CallStarted started:
                return $"{started.Call,-4} {capabilities[started.Call]} …";
            case RunEvent.CommitEnded committed:
                return $"{committed.Call,-4} committed {string.Join(", ", committed.Paths)}";
            case RunEvent.CallEnded { Result: var result } ended:
                return $"{ended.Call,-4} {capabilities[ended.Call]}: {Describe(result)}";
            case RunEvent.VerdictGiven { Verdict: Verdict.Deny deny } denied:
                return $"     policy {denied.Policy} says no: {deny.Reason}";
            case RunEvent.DecisionRejected rejected:
                return $"     decision rejected: {rejected.Reason}";
            case RunEvent.LimitReached limit:
                return $"     {limit.Detail}";
            default:
                return null;
        }
    }

    private static string Describe(CallResult result) => result switch
    {
        { Evidence: { } evidence } => Describe(evidence),
        { Error: { } error } => $"{error.Code}: {error.Message.Split('\n')[0]}",
        _ => result.Claim.ToString().ToLowerInvariant(),
    };

    private static string Describe(TestReport.Evidence? evidence) => evidence switch
    {
        null => "not run",
        { Green: true } => $"GREEN ({evidence.Passed} passed)",
        _ => $"RED ({evidence.Failed} failed, {evidence.Passed} passed: {string.Join(", ", evidence.Failing.Take(3))})",
    };
}
