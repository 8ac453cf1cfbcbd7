using System.Buffers;
using System.Text.Json;

namespace Orchestrator.Cli;

/// <summary>Runs as JSON. The shapes are documented in docs/cli.md and only grow.</summary>
internal static class RunJson
{
    /// <summary>An event, as in a transcript.</summary>
    public static object Of(RunId run, RunEvent.Recorded recorded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        recorded.Event.WriteJson(buffer);
        return new
        {
            type = "event",
            run = run.ToString(),
            sequence = recorded.Sequence,
            at = recorded.At,
            kind = RunEvent.KindOf(recorded.Event),
            data = JsonElement.Parse(buffer.WrittenSpan),
        };
    }

    public static object Of(RunSummary run) => new
    {
        run = run.Run.ToString(),
        status = run.Status,
        goal = run.Goal,
        workflow = run.Workflow,
        accepted_at = run.AcceptedAt,
        changed_at = run.ChangedAt,
        driven = run.Owner.Length > 0,
    };

    public static object Of(RunResult result) => new
    {
        type = "result",
        run = result.Run.ToString(),
        status = result.Status,
        exit_code = ExitCode.Of(result.Status),
        summary = result.Summary,
        branch = result.Branch,
        commit = result.Commit,
        diff = result.Diff,
        tests_before = Of(result.TestsBefore),
        tests_after = Of(result.TestsAfter),
        usage = new { input = result.Usage.Input, output = result.Usage.Output },
        cost = result.Cost,
        calls = result.Calls.Select(Of),
        questions = result.Calls.Where(call => call is { Status: CallState.Phase.AwaitingAnswer, Question: not null }).Select(call => new
        {
            call = call.Id.ToString(),
            text = call.Question!.Text,
            options = call.Question.Options,
            deadline = call.Question.Deadline,
            @default = call.Question.Default,
        }),
        notes = result.Notes,
    };

    /// <summary>A run as <c>show</c> tells it: its result so far, and what it was asked to do.</summary>
    public static object Of(RunRecord record, RunResult result, RunSummary summary) => new
    {
        type = "run",
        run = record.Run.ToString(),
        status = record.State.Status,
        goal = record.State.Task.Goal,
        repo = record.State.Task.Scope.Repo,
        paths = record.State.Task.Scope.Paths,
        constraints = record.State.Task.Constraints,
        workflow = record.State.Registration.Workflow,
        accepted_at = summary.AcceptedAt,
        changed_at = summary.ChangedAt,
        driven = summary.Owner.Length > 0,
        @base = record.State.Base?.Commit,
        steps = record.State.Steps,
        active_seconds = record.State.ActiveTime.TotalSeconds,
        result = Of(result),
    };

    private static object Of(CallState call) => new
    {
        call = call.Id.ToString(),
        capability = call.Call.Capability,
        status = call.Status,
        succeeded = call.Result?.Succeeded,
        attempts = call.Attempts,
        error = call.Result?.Error is { } error ? new { code = error.Code, message = error.Message } : null,
        required_by = call.Call.RequiredBy,
    };

    private static object? Of(TestReport.Evidence? evidence) => evidence is null ? null : new
    {
        green = evidence.Green,
        passed = evidence.Passed,
        failed = evidence.Failed,
        outcome = evidence.Outcome,
        failing = evidence.Failing,
        tree = evidence.Tree,
    };
}
