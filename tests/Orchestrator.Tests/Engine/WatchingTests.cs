using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class WatchingTests
{
    [Fact]
    public async Task A_watcher_on_another_host_sees_every_event_once_and_in_order()
    {
        await using var harness = Hosts.With(Hosts.Calls([.. Enumerable.Range(0, 10).Select(_ => Hosts.Call("work"))]), host => host.AddStub("work"));
        await using var other = harness.Beside();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Watch"));

        var watching = WatchAsync(other, run, 1);
        await harness.Orchestrator.ResumeAsync(run).Soon();
        var seen = await other.PassTimeAsync(watching);

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(number => (long)number), seen.Select(recorded => recorded.Sequence));
        Assert.IsType<RunEvent.Finished>(seen[^1].Event);
        Assert.Equal((await harness.RecordAsync(run)).Events.Count, seen.Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task A_watcher_may_begin_later_and_ends_with_the_run_even_where_nothing_is_left_to_see(long from)
    {
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work"));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Watch"));
        var early = WatchAsync(harness, run, from);

        await harness.Orchestrator.ResumeAsync(run).Soon();
        var late = await WatchAsync(harness, run, from).Soon();

        var all = (await harness.RecordAsync(run)).Events.Count(recorded => recorded.Sequence >= from);
        Assert.Equal((all, all), ((await early.Soon()).Count, late.Count));
    }

    [Fact]
    public async Task Watching_a_run_that_does_not_exist_says_so()
    {
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), _ => { });

        await Assert.ThrowsAsync<RunNotFoundException>(() => WatchAsync(harness, new RunId(Guid.Empty), 1));
    }

    [Fact]
    public async Task Every_line_that_is_logged_while_a_run_is_driven_names_it()
    {
        await using var harness = Hosts.With(
            Hosts.Script(_ => new Decision.Continue(), _ => new Decision.CallWorker([Hosts.Call("throws")]), _ => new Decision.Finish("Done.")),
            host => host.AddStub("throws", (_, _) => throw new InvalidOperationException("a mistake")));

        var result = await harness.RunAsync("Log").Soon();

        Assert.Contains(harness.Log, line => line.Text.Contains("threw", StringComparison.Ordinal));
        Assert.Contains(harness.Log, line => line.Text.Contains("rejected", StringComparison.Ordinal));
        Assert.All(harness.Log.Where(line => line.Category.StartsWith("Orchestrator", StringComparison.Ordinal)), line => Assert.Equal(result.Run.ToString(), line.Scope.GetValueOrDefault("RunId")));
    }

    [Fact]
    public async Task What_a_worker_logs_names_the_run_and_its_activity_belongs_to_it()
    {
        Activity? seen = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Orchestrator",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        OrchestratorHarness? harness = null;
        await using var host = harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), builder => builder.AddStub("work", (_, _) =>
        {
            seen = Activity.Current;
            harness!.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Worker").Log(LogLevel.Information, default, "Working", null, static (text, _) => text);
            return Task.FromResult(Hosts.Reply());
        }));

        var result = await harness.RunAsync("Log").Soon();

        var line = Assert.Single(harness.Log, line => line.Category == "Worker");
        Assert.Equal(result.Run.ToString(), line.Scope["RunId"]);
        Assert.Equal(result.Run.ToString(), seen?.GetTagItem("orchestrator.run_id"));
    }

    [Fact]
    public async Task An_onlooker_that_throws_hurts_nothing()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.OnProgress((_, _, _) => throw new InvalidOperationException("I look on badly.")).AddStub("work", (context, _) =>
            {
                context.ReportProgress("half-way");
                return Task.FromResult(Hosts.Reply());
            }));

        var result = await harness.RunAsync("Look on").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Contains(harness.Log, line => line.Exception is InvalidOperationException);
    }

    private static async Task<List<RunEvent.Recorded>> WatchAsync(OrchestratorHarness harness, RunId run, long from)
    {
        var seen = new List<RunEvent.Recorded>();
        await foreach (var recorded in harness.Orchestrator.WatchAsync(run, from))
        {
            seen.Add(recorded);
        }

        return seen;
    }
}
