using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class SerializedRunTests
{
    [Fact]
    public async Task A_whole_bugfix_run_leaves_the_same_state_whether_events_are_kept_as_objects_or_as_bytes()
    {
        var objects = await RunAsync(time => new InMemoryRunJournal(time));
        var bytes = await RunAsync(time => new SerializedInMemoryRunJournal(time));

        Assert.Equal(RunStatus.Succeeded, objects.State.Status);
        Assert.Equal(objects.ToJsonLines(), bytes.ToJsonLines());
        Assert.Equal(objects.ToMarkdown(), bytes.ToMarkdown());
        Assert.Equal(Describe(objects.State), Describe(bytes.State));
        Assert.Equal(JsonSerializer.Serialize(objects.ToResult()), JsonSerializer.Serialize(bytes.ToResult()));
    }

    private static async Task<RunRecord> RunAsync(Func<TimeProvider, IRunJournal> journal)
    {
        // The owner's name in a claim is the only thing that differs between two hosts.
        await using var harness = new OrchestratorHarness(host => BugfixWorkflowTests.Configure(host, BugfixWorkflowTests.Fix), options => options.MaxParallelCalls = 1, journal: journal(new ManualTimeProvider()));
        var result = await harness.RunAsync("Fix the crash when saving drafts").Soon();
        return await harness.RecordAsync(result.Run);
    }

    private static string Describe(TaskState state) => JsonSerializer.Serialize(new
    {
        state.Status, state.Summary, state.Sequence, state.At, state.Head, state.Base, state.Steps, state.Usage, state.ActiveTime, state.Epoch,
        Calls = state.Calls.Select(call => new { call.Id, call.Status, call.Base, call.Attempts, call.StartedSequence, call.EndedSequence, call.Result?.Claim, call.Result?.Validity, call.Result?.Evidence }),
    });
}
