using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Writes a run's record as a person reads it. Everything in it comes from the journal.</summary>
internal static class Transcript
{
    private const int LongestText = 4_000;

    public static string Of(RunRecord record)
    {
        var state = record.State;
        var result = record.ToResult();
        var text = new StringBuilder();
        text.Line($"# {state.Task.Goal}");
        text.Line();
        text.Line($"Run `{record.Run}` · workflow `{state.Registration.Workflow}` · **{Word(state.Status)}**{(state.Summary.Length > 0 ? $": {state.Summary}" : "")}");
        text.Line();
        Facts(text, state, result);
        text.Line("## What happened");
        text.Line();
        foreach (var recorded in record.Events)
        {
            Event(text, record, recorded);
        }

        if (result.Diff.Length > 0)
        {
            text.Line();
            text.Line("## The change");
            text.Line();
            Fence(text, "diff", result.Diff);
        }

        return text.ToString();
    }

    private static void Facts(StringBuilder text, TaskState state, RunResult result)
    {
        if (result.Branch.Length > 0)
        {
            text.Line($"- Branch `{result.Branch}`, from `{state.Base?.Commit}` to `{result.Commit}`");
        }

        if (result.TestsBefore is { } before)
        {
            text.Line($"- Tests before: {Word(before)}");
        }

        if (result.TestsAfter is { } after)
        {
            text.Line($"- Tests after: {Word(after)}");
        }

        text.Line($"- Tokens: {result.Usage.Input} in, {result.Usage.Output} out{(result.Cost > 0 ? string.Create(CultureInfo.InvariantCulture, $"; cost {result.Cost:0.0000}") : "")}");
        foreach (var note in state.Notes)
        {
            text.Line($"- Note: {note}");
        }

        text.Line();
    }

    private static void Event(StringBuilder text, RunRecord record, RunEvent.Recorded recorded)
    {
        var line = recorded.Event switch
        {
            RunEvent.Accepted accepted => $"accepted; limits: {accepted.Registration.Limits.Steps} steps, {accepted.Registration.Limits.RunTime}, {accepted.Registration.Limits.Tokens} tokens",
            RunEvent.Claimed claimed => $"taken over by `{claimed.Owner}` (epoch {claimed.Epoch})",
            RunEvent.WorkspaceOpened opened => $"repository opened at `{opened.Base.Commit}`",
            RunEvent.DecisionMade made => $"**decision**: {Describe(made.Decision)}",
            RunEvent.DecisionDeferred deferred => $"**decision** deferred until {string.Join(", ", deferred.Until)} is done: {Describe(deferred.Decision)}",
            RunEvent.DecisionRejected rejected => $"**decision rejected**: {rejected.Reason}",
            RunEvent.VerdictGiven verdict => $"policy `{verdict.Policy}` on {Word(verdict.Stage)}{(verdict.Call is { } call ? $" of {call}" : "")}: {Describe(verdict.Verdict)}",
            RunEvent.CallCreated created => $"{created.Call} `{created.Request.Capability}` came about{(created.Request.Step is { } step ? $" for step `{step}`" : "")}{(created.Request.RequiredBy is { } policy ? $", required by `{policy}`" : "")}",
            RunEvent.CallStarted started => $"{started.Call} started{(started.Base is { } at ? $" on tree `{Short(at.Tree)}`" : "")}",
            RunEvent.FilesRead read => $"{Who(read.Call)} read {string.Join(", ", read.Reads.Select(file => $"`{file.Path}`{(file.Hash.Length == 0 ? " (not there)" : "")}"))}",
            RunEvent.AttemptStarted started => $"{Who(started.Call)} attempt {started.Attempt}: {(started.Intent.Kind == WorkerCall.AttemptKind.Model ? $"asks `{started.Intent.Target}`" : $"runs `{started.Intent.Target}`")}{(started.Intent.Prompt.Length > 0 ? $" with prompt `{started.Intent.Prompt}`" : "")}",
            RunEvent.AttemptEnded ended => $"{Who(ended.Call)} attempt {ended.Attempt} {(ended.Receipt.Succeeded ? "done" : $"failed: {ended.Receipt.Error}")} ({Duration(ended.Receipt.Duration)}{(ended.Receipt.Usage.Total > 0 ? $", {ended.Receipt.Usage.Input}+{ended.Receipt.Usage.Output} tokens" : "")})",
            RunEvent.CallReplied replied => $"{replied.Call} proposes a patch",
            RunEvent.CommitStarted started => $"{started.Call} is about to be committed",
            RunEvent.CommitEnded ended => $"{ended.Call} committed as `{Short(ended.Head.Commit)}`: {string.Join(", ", ended.Paths.Select(path => $"`{path}`"))}",
            RunEvent.CallEnded ended => $"{ended.Call} **{Describe(ended.Result)}**",
            RunEvent.QuestionAsked asked => $"{asked.Call} asks: {asked.Question.Text}",
            RunEvent.QuestionAnswered answered => $"{answered.Call} answered{(answered.By.Length > 0 ? $" by {answered.By}" : "")}: {answered.Answer ?? "(nobody)"}",
            RunEvent.CancelRequested cancel => $"cancellation asked for{(cancel.Reason.Length > 0 ? $": {cancel.Reason}" : "")}",
            RunEvent.BudgetRaised => "limits raised",
            RunEvent.CommandRefused refused => $"command refused: {refused.Reason}",
            RunEvent.Paused paused => $"paused: {paused.Reason}",
            RunEvent.LimitReached limit => $"limit reached: {limit.Detail}",
            RunEvent.Finished finished => $"**{Word(finished.Status)}**: {finished.Summary}",
            RunEvent.Noted noted => $"noted by another package: `{noted.Kind}/{noted.Version}`",
            RunEvent.Unknown unknown => $"an event of a newer version: `{unknown.Kind}/{unknown.Version}`",
            _ => throw new System.Diagnostics.UnreachableException(recorded.Event.GetType().Name),
        };
        text.Line($"{recorded.Sequence}. `{recorded.At.UtcDateTime:HH:mm:ss.fff}` {line}");
        if (recorded.Event is RunEvent.CallEnded { Result: { } result })
        {
            Details(text, record, result);
        }
    }

    private static void Details(StringBuilder text, RunRecord record, CallResult result)
    {
        var output = record.Read(result.Output);
        if (output.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in new[] { "notes", "patch", "raw_text" })
            {
                if (output.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } content)
                {
                    Fence(text, name == "patch" ? "diff" : "text", content);
                }
            }
        }

        foreach (var failing in result.Evidence?.Failing ?? [])
        {
            text.Line($"   - not green: `{failing}`");
        }
    }

    private static void Fence(StringBuilder text, string language, string content)
    {
        var cut = content.Length > LongestText && language != "diff" ? content[..LongestText] + "\n…" : content;
        var ticks = 3;
        for (var run = 0; ticks <= 64 && cut.Contains(new string('`', ticks), StringComparison.Ordinal); run++)
        {
            ticks++;
        }

        var fence = new string('`', ticks);
        text.Line(fence + language);
        text.Append(cut);
        if (!cut.EndsWith('\n'))
        {
            text.Line();
        }

        text.Line(fence);
    }

    private static string Describe(Decision decision) => decision switch
    {
        Decision.CallWorker call => $"call {string.Join(", ", call.Calls.Select(each => $"`{each.Capability}`"))}",
        Decision.Continue wait => $"go on until {wait.Wake.ToString().ToLowerInvariant()}",
        Decision.Replan replan => $"plan of {replan.Plan.Steps.Count} steps: {string.Join(", ", replan.Plan.Steps.Take(20).Select(step => $"`{step.Id}`"))}",
        Decision.Finish finish => $"finish as {Word(finish.Status)}",
        _ => throw new System.Diagnostics.UnreachableException(decision.GetType().Name),
    };

    private static string Describe(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "allowed",
        Verdict.Deny deny => $"denied: {deny.Reason}",
        Verdict.Require require => $"requires `{require.Call.Capability}`: {require.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(verdict.GetType().Name),
    };

    private static string Describe(CallResult result)
    {
        var validity = result.Validity is CallResult.ReplyValidity.Valid ? "" : $", reply {result.Validity.ToString().ToLowerInvariant()}";
        var evidence = result.Evidence is { } found ? $", tests {Word(found)} on tree `{Short(found.Tree)}`" : "";
        return result.Error is { } error
            ? $"failed ({error.Code}{validity}): {error.Message}"
            : $"{result.Claim.ToString().ToLowerInvariant()}{validity}{evidence}";
    }

    private static string Word(RunStatus status) => status.ToString().ToLowerInvariant();

    private static string Word(IPolicy.Subject.At stage) => stage.ToString().ToLowerInvariant();

    private static string Word(TestReport.Evidence evidence) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(evidence.Green ? "green" : "red")}, {evidence.Passed} passed, {evidence.Failed} failed{(evidence.Failing.Count > 0 ? $" ({string.Join(", ", evidence.Failing.Take(5))})" : "")}");

    private static string Who(CallId call) => call == CallId.Decider ? "decider" : call.ToString();

    private static string Duration(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static void Line(this StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
