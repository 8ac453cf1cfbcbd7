using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>Which calls start in the very batch that creates them, and which must not.</summary>
public sealed class NewCallTests
{
    [Fact]
    public async Task A_call_that_nothing_has_to_precede_starts_in_the_batch_that_creates_it()
    {
        var (together, _) = await AppendsAsync(_ => { });
        var (apart, _) = await AppendsAsync(options => options.NotRepeatable());

        Assert.Equal(apart - 1, together);
    }

    [Fact]
    public async Task A_call_that_policies_judge_starts_after_their_verdict()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.AddStub("work").AddPolicy(Policies.NeverTouch("secrets/**")));

        var result = await harness.RunAsync("Judge").Soon();

        var about = await EventsOfAsync(harness, result.Run, new CallId(1));
        Assert.Equal([nameof(RunEvent.CallCreated), nameof(RunEvent.VerdictGiven), nameof(RunEvent.CallStarted), nameof(RunEvent.CallEnded)], about);
    }

    [Fact]
    public async Task No_more_calls_start_in_a_batch_than_may_run_at_once()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("slow"), Hosts.Call("slow"), Hosts.Call("slow")),
            host => host.AddWorker("slow", gate),
            options => options.MaxParallelCalls = 2);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Three at once"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await gate.BegunAsync();
        var during = (await harness.RecordAsync(run)).State.Calls.Select(call => call.Status).ToList();
        gate.Open();

        Assert.Equal([CallState.Phase.Running, CallState.Phase.Running, CallState.Phase.Waiting], during);
        Assert.Equal(RunStatus.Succeeded, (await driving.Soon()).Status);
        Assert.Equal(3, gate.Runs);
    }

    [Fact]
    public async Task A_call_that_depends_on_another_starts_when_that_has_succeeded()
    {
        await using var harness = Hosts.With(
            Hosts.Planned(Hosts.Step("a", "work"), Hosts.Step("b", "work", "a")),
            host => host.AddStub("work"));

        var result = await harness.RunAsync("One after the other").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.True(result.Calls[1].StartedSequence > result.Calls[0].EndedSequence);
    }

    [Fact]
    public async Task A_person_is_asked_and_not_started()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(WorkerCall.To(Person.Capability, new Person.Question("Go on?"))),
            _ => { });
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Ask"));

        await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal([nameof(RunEvent.CallCreated), nameof(RunEvent.QuestionAsked)], await EventsOfAsync(harness, run, new CallId(1)));
    }

    [Fact]
    public async Task A_call_that_was_started_by_a_batch_and_never_begun_is_carried_out_once_by_the_next_owner()
    {
        var (appends, _) = await AppendsAsync(_ => { });
        for (var append = 2; append <= appends; append++)
        {
            var leases = new ManualTimeProvider();
            var inner = new InMemoryRunJournal(leases);
            var crashing = CrashingJournal.AfterAppend(inner, append);
            var runs = 0;
            await using var first = Counted(crashing, () => Interlocked.Increment(ref runs));
            await using var second = Counted(inner, () => Interlocked.Increment(ref runs));
            var run = await first.Orchestrator.StartAsync(new TaskRequest("Crash"));

            await Assert.ThrowsAnyAsync<OrchestratorException>(() => first.Orchestrator.ResumeAsync(run).Soon());
            leases.Advance(TimeSpan.FromMinutes(1));
            var result = await second.Orchestrator.ResumeAsync(run).Soon();

            Assert.Equal(RunStatus.Succeeded, result.Status);
            Assert.Equal(1, runs);
        }
    }

    private static OrchestratorHarness Counted(IRunJournal journal, Action count) => Hosts.With(
        Hosts.Calls(Hosts.Call("work")),
        host => host.AddStub("work", (_, _) =>
        {
            count();
            return Task.FromResult(Hosts.Reply());
        }),
        journal: journal);

    private static async Task<(int Appends, RunStatus Status)> AppendsAsync(Action<WorkerOptions> configure)
    {
        var journal = CrashingJournal.Counting(new InMemoryRunJournal(TimeProvider.System));
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.AddStub("work", (_, _) => Task.FromResult(Hosts.Reply()), configure),
            journal: journal);
        var result = await harness.RunAsync("Count").Soon();
        return (journal.Appends, result.Status);
    }

    private static async Task<string[]> EventsOfAsync(OrchestratorHarness harness, RunId run, CallId call) =>
    [
        .. (await harness.RecordAsync(run)).Events.Select(recorded => recorded.Event).Where(each => each switch
        {
            RunEvent.CallCreated created => created.Call == call,
            RunEvent.CallStarted started => started.Call == call,
            RunEvent.CallEnded ended => ended.Call == call,
            RunEvent.VerdictGiven verdict => verdict.Call == call,
            RunEvent.QuestionAsked asked => asked.Call == call,
            _ => false,
        }).Select(each => each.GetType().Name),
    ];
}
