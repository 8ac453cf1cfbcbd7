using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Testing;

namespace Orchestrator.Tests;

public sealed class OrchestratorHarnessTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_run()
    {
        var first = await RecordAsync(seed: 7);
        var second = await RecordAsync(seed: 7);
        var third = await RecordAsync(seed: 8);

        Assert.Equal(first.ToJsonLines(), second.ToJsonLines());
        Assert.NotEqual(first.Run, third.Run);
    }

    [Fact]
    public async Task A_restarted_host_goes_on_where_the_dead_one_was_and_the_dead_one_records_nothing_more()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var harness = new OrchestratorHarness(Working(async () =>
        {
            begun.TrySetResult();
            await release.Task;
        }));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Work"));
        var dying = harness.Orchestrator.ResumeAsync(run);
        await begun.Task;

        await using var next = harness.Restart(Working(() => Task.CompletedTask));
        var result = await next.Orchestrator.ResumeAsync(run);
        var events = (await next.RecordAsync(run)).Events.Count;
        release.SetResult();
        await Assert.ThrowsAnyAsync<OrchestratorException>(() => dying);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(events, (await next.RecordAsync(run)).Events.Count);
    }

    [Fact]
    public async Task Waiting_for_an_event_that_never_came_says_so()
    {
        await using var harness = new OrchestratorHarness(Working(() => Task.CompletedTask));
        var result = await harness.RunAsync("Work");

        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.WaitForAsync<RunEvent.Paused>(result.Run));
        Assert.Equal(new CallId(1), (await harness.WaitForAsync<RunEvent.CallEnded>(result.Run)).Call);
    }

    [Fact]
    public async Task Lines_are_kept_with_their_scopes()
    {
        await using var harness = new OrchestratorHarness(Working(() => Task.CompletedTask));
        var logger = harness.Services.GetRequiredService<ILogger<OrchestratorHarnessTests>>();

        using (logger.BeginScope(new Dictionary<string, object> { ["a"] = 1, ["b"] = 1 }))
        using (logger.BeginScope(new Dictionary<string, object> { ["b"] = 2 }))
        {
            logger.LogWarning(new InvalidOperationException(), "Number {Number}", 3);
        }

        var line = Assert.Single(harness.Log);
        Assert.Equal((LogLevel.Warning, "Number 3", 1, 2), (line.Level, line.Text, line.Scope["a"], line.Scope["b"]));
        Assert.IsType<InvalidOperationException>(line.Exception);
    }

    private static async Task<RunRecord> RecordAsync(int seed)
    {
        await using var harness = new OrchestratorHarness(Working(() => Task.CompletedTask), seed: seed);
        return await harness.RecordAsync((await harness.RunAsync("Work")).Run);
    }

    private static Action<OrchestratorBuilder> Working(Func<Task> work) => host => host
        .AddWorkflow("test", state => state.Calls.Count == 0 ? Decision.Call("work", new Dictionary<string, string>()) : new Decision.Finish("Done."))
        .AddWorker<Dictionary<string, string>, Dictionary<string, string>>("work", async (_, _) =>
        {
            await work();
            return [];
        });
}
