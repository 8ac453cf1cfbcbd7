using System.Collections.Concurrent;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class BackgroundTests
{
    private static readonly CallId First = new(1);

    [Fact]
    public async Task A_task_that_is_accepted_is_driven()
    {
        await using var harness = Background(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work"));
        await harness.StartHostAsync();

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("In the background"));
        var finished = await harness.WaitForAsync<RunEvent.Finished>(run);

        Assert.Equal(RunStatus.Succeeded, finished.Status);
    }

    [Fact]
    public async Task Two_hosts_over_one_journal_drive_each_run_once()
    {
        var runs = new ConcurrentDictionary<RunId, int>();
        await using var harness = Background(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work", (context, _) =>
        {
            runs.AddOrUpdate(context.Run, 1, (_, times) => times + 1);
            return Task.FromResult(Hosts.Reply());
        }));
        await using var other = harness.Beside();
        await harness.StartHostAsync();
        await other.StartHostAsync();

        var accepted = new List<RunId>();
        for (var i = 0; i < 20; i++)
        {
            accepted.Add(await (i % 2 == 0 ? harness : other).Orchestrator.StartAsync(new TaskRequest($"Run {i}")));
        }

        foreach (var run in accepted)
        {
            await harness.PassTimeAsync(harness.WaitForAsync<RunEvent.Finished>(run));
        }

        Assert.Equal(20, runs.Count);
        Assert.All(runs, run => Assert.Equal(1, run.Value));
    }

    [Fact]
    public async Task A_paused_run_is_taken_up_when_the_answer_comes()
    {
        await using var harness = Background(Hosts.Calls(Person.Call(new Person.Question("Go on?"))), _ => { });
        await harness.StartHostAsync();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Ask"));
        await harness.WaitForAsync<RunEvent.Paused>(run);

        await harness.Orchestrator.AnswerAsync(run, First, "yes");
        var finished = await harness.PassTimeAsync(harness.WaitForAsync<RunEvent.Finished>(run));

        Assert.Equal(RunStatus.Succeeded, finished.Status);
    }

    [Fact]
    public async Task A_paused_run_is_taken_up_when_its_question_answers_itself()
    {
        await using var harness = Background(Hosts.Calls(WithDeadline()), _ => { });
        await harness.StartHostAsync();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Ask"));
        await harness.WaitForAsync<RunEvent.Paused>(run);

        var finished = await harness.PassTimeAsync(harness.WaitForAsync<RunEvent.Finished>(run), TimeSpan.FromSeconds(30));

        Assert.Equal(RunStatus.Succeeded, finished.Status);
        Assert.Equal("no", Assert.Single((await harness.RecordAsync(run)).Of<RunEvent.QuestionAnswered>()).Answer);
    }

    [Fact]
    public async Task A_host_that_did_not_see_the_run_pause_takes_it_up_when_its_question_answers_itself()
    {
        await using var harness = Background(Hosts.Calls(WithDeadline()), _ => { });
        var run = (await harness.RunAsync("Ask").Soon()).Run;
        await using var restarted = harness.Restart();
        await restarted.StartHostAsync();

        var finished = await restarted.PassTimeAsync(restarted.WaitForAsync<RunEvent.Finished>(run), TimeSpan.FromSeconds(30));

        Assert.Equal(RunStatus.Succeeded, finished.Status);
        var events = (await restarted.RecordAsync(run)).Of<RunEvent.Claimed>().Count();
        Assert.Equal(2, events);
    }

    [Fact]
    public async Task A_run_that_this_host_cannot_drive_is_paused_once_and_left_alone()
    {
        await using var harness = Background(Hosts.Calls(WithDeadline()), host => host.AddStub("work"));
        var run = (await harness.RunAsync("Ask").Soon()).Run;
        await harness.Orchestrator.AnswerAsync(run, First, "yes");
        await using var other = harness.Restart(host => host.AddWorkflow("test", Hosts.Calls(WithDeadline())).AddWorkflow("probe", _ => new Decision.Finish("Done.")).RunInBackground());
        await other.StartHostAsync();

        // A second run shows that the driver has looked at the first one, many times over.
        for (var i = 0; i < 3; i++)
        {
            var probe = await other.Orchestrator.StartAsync(new TaskRequest("Probe") { Workflow = "probe" });
            await other.PassTimeAsync(other.WaitForAsync<RunEvent.Finished>(probe), TimeSpan.FromMinutes(1));
        }

        Assert.Single((await other.RecordAsync(run)).Of<RunEvent.Claimed>());
    }

    [Fact]
    public async Task A_run_that_fails_to_drive_is_tried_again_later_and_later()
    {
        var attempts = 0;
        var gone = new GoneProvider(() => ++attempts < 4);
        await using var harness = Background(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work").UseWorkspace(_ => gone));
        await harness.StartHostAsync();

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Try again"));
        var began = harness.Time.GetUtcNow();
        var finished = await harness.PassTimeAsync(harness.WaitForAsync<RunEvent.Finished>(run));

        Assert.Equal(RunStatus.Succeeded, finished.Status);
        Assert.Equal(4, attempts);
        Assert.True(harness.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(2 + 4 + 8));
        var failed = harness.Log.Where(line => line.Text.Contains("Driving in the background failed", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, failed.Count);
        Assert.All(failed, line => Assert.Equal(run.ToString(), line.Scope["RunId"]));
    }

    [Fact]
    public async Task A_host_that_stops_leaves_its_runs_to_the_next()
    {
        var gate = new GatedWorker();
        await using var harness = Background(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        await harness.StartHostAsync();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Stop"));
        await gate.BegunAsync();

        await harness.PassTimeAsync(harness.StopHostAsync());
        await using var next = harness.Beside();
        await next.StartHostAsync();
        gate.Open();
        var finished = await next.PassTimeAsync(next.WaitForAsync<RunEvent.Finished>(run));

        Assert.Equal(RunStatus.Succeeded, finished.Status);
        Assert.Equal(2, gate.Runs);
    }

    [Fact]
    public async Task No_more_runs_are_driven_at_once_than_the_host_wants_and_the_oldest_goes_first()
    {
        var order = new ConcurrentQueue<string>();
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("test", Hosts.Calls(Hosts.Call("work")))
            .AddStub("work", (context, _) =>
            {
                order.Enqueue(context.Task.Goal);
                return Task.FromResult(Hosts.Reply());
            })
            .RunInBackground(maxRuns: 1));
        var runs = new List<RunId>();
        foreach (var goal in new[] { "a", "b", "c", "d" })
        {
            runs.Add(await harness.Orchestrator.StartAsync(new TaskRequest(goal)));
        }

        await harness.StartHostAsync();
        await harness.PassTimeAsync(harness.WaitForAsync<RunEvent.Finished>(runs[^1]));

        Assert.Equal(["a", "b", "c", "d"], order);
    }

    private static OrchestratorHarness Background(Func<TaskState, Decision> decide, Action<OrchestratorBuilder> configure) => Hosts.With(decide, host =>
    {
        configure(host);
        host.RunInBackground();
    });

    private static WorkerCall WithDeadline() => Person.Call(new Person.Question("Go on?") { Default = "no", Deadline = new ManualTimeProvider().GetUtcNow() + TimeSpan.FromMinutes(30) });

    /// <summary>A repository that cannot be opened for a while.</summary>
    private sealed class GoneProvider(Func<bool> isGone) : IWorkspaceProvider
    {
        private readonly InMemoryWorkspaceProvider _inner = new(new Dictionary<string, string> { ["a.txt"] = "a" });

        public ValueTask<string?> FindProblemAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken) => default;

        public ValueTask<IWorkspace> OpenAsync(TaskRequest.RepoScope scope, RunId run, IWorkspace.Revision? @base, long epoch, CancellationToken cancellationToken) => isGone()
            ? throw new OrchestratorException("The repository is on a disk that is not mounted.")
            : _inner.OpenAsync(scope, run, @base, epoch, cancellationToken);
    }
}
