using Orchestrator.Engine;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class DecisionTests
{
    /// <summary>Three steps in a row, of which the second fails where that is asked for; says how many had ended each time the workflow was asked after its Continue.</summary>
    private static async Task<int[]> AskedAfterAsync(Decision.WakeOn wake, bool fails)
    {
        var asked = new List<int>();
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            state =>
            {
                if (state.LastDecision is Decision.Continue)
                {
                    asked.Add(state.Calls.Count(call => call.Status == CallState.Phase.Done));
                }

                return state.LastDecision switch
                {
                    null => new Decision.Replan(new Plan([Hosts.Step("probe", "fails"), Hosts.Step("a", "gated"), Hosts.Step("b", fails ? "fails" : "work", "a"), Hosts.Step("c", "work", "a"), Hosts.Step("d", "work", "c")])),
                    _ => state.OpenCalls.Count > 0 || !Scheduler.IsIdle(state) ? new Decision.Continue(wake) : new Decision.Finish("Done."),
                };
            },
            host => host.AddWorker("gated", gate).AddStub("work").AddStub("fails", """{"status":"failed"}"""),
            options => options.MaxParallelCalls = 1);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Wake me"));
        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.DecisionMade>(run, made => made.Decision is Decision.Continue);
        gate.Open();
        await driving.Soon();
        return [.. asked];
    }

    [Fact]
    public async Task Continue_until_a_completion_asks_after_each_call()
    {
        var asked = await AskedAfterAsync(Decision.WakeOn.Completion, fails: false);

        Assert.Equal((2, 5), (asked[0], asked[^1]));
        Assert.True(asked.Length > 2);
    }

    [Fact]
    public async Task Continue_until_a_failure_asks_at_the_failure_and_at_the_end()
    {
        var asked = await AskedAfterAsync(Decision.WakeOn.Failure, fails: true);

        Assert.InRange(asked[0], 3, 5);
        Assert.Equal(5, asked[^1]);
        Assert.True(asked.Length <= 2);
    }

    [Fact]
    public async Task Continue_until_idle_sleeps_through_failures()
    {
        var asked = await AskedAfterAsync(Decision.WakeOn.Idle, fails: true);

        Assert.Equal([5], asked);
    }

    [Fact]
    public async Task Continue_until_a_failure_sleeps_through_completions()
    {
        var asked = new List<int>();
        await using var harness = Hosts.With(
            state =>
            {
                asked.Add(state.Calls.Count(call => call.Status == CallState.Phase.Done));
                return state.Plan.Steps.Count == 0
                    ? new Decision.Replan(new Plan([Hosts.Step("a", "work"), Hosts.Step("b", "work", "a"), Hosts.Step("c", "work", "b"), Hosts.Step("d", "fails", "c")]))
                    : new Decision.Finish("Done.") { Status = RunStatus.Partial };
            },
            host => host.AddStub("work").AddStub("fails", """{"status":"failed"}"""));

        await harness.RunAsync("Sleep").Soon();

        Assert.Equal([0, 4], asked);
    }

    [Fact]
    public async Task Continue_is_invalid_where_nothing_is_under_way()
    {
        await using var harness = Hosts.With(Hosts.Script(_ => new Decision.Continue(), _ => new Decision.Finish("Done.")), _ => { });

        var result = await harness.RunAsync("Wait for nothing").Soon();

        var rejected = Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>());
        Assert.Contains("nothing to continue", rejected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finish_that_was_decided_before_a_call_ended_is_rejected()
    {
        var gate = new GatedWorker();
        OrchestratorHarness? harness = null;
        await using var host = harness = new OrchestratorHarness(builder => builder
            .AddWorkflow("test", new AsyncDecider(async (state, token) =>
            {
                switch (state.Steps)
                {
                    case 0:
                        return new Decision.CallWorker([Hosts.Call("quick"), Hosts.Call("slow")]);
                    case 1:
                        gate.Open();
                        await harness!.WaitForAsync<RunEvent.CallEnded>(state.Run, ended => ended.Call == new CallId(2), token);
                        return new Decision.Finish("Too early.") { Abandons = [new CallId(2)] };
                    default:
                        return new Decision.Finish("Seen.");
                }
            }))
            .AddStub("quick")
            .AddWorker("slow", gate));

        var result = await harness.RunAsync("Look before you finish").Soon();

        var rejected = Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>());
        Assert.Contains("a call has ended", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal("Seen.", result.Summary);
        Assert.True(result.Calls[1].Succeeded);
    }

    [Fact]
    public async Task A_finish_has_to_name_the_calls_that_it_abandons()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.CallWorker([Hosts.Call("slow"), Hosts.Call("quick")]),
                _ => new Decision.Finish("Without naming it."),
                _ => new Decision.Finish("Naming it.") { Abandons = [new CallId(1)] }),
            host => host.AddWorker("slow", gate).AddStub("quick", async (_, _) =>
            {
                await gate.BegunAsync();
                return Hosts.Reply();
            }));

        var result = await harness.RunAsync("Abandon").Soon();

        var rejected = Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>());
        Assert.Contains("c1", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal("Naming it.", result.Summary);
        Assert.Equal(CallResult.Failure.Codes.Abandoned, result.Calls[0].Result!.Error!.Code);
        Assert.True(gate.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData("unknown", "Nobody provides 'magic'; there are person, verify, work")]
    [InlineData("version", "Nobody provides 'work' in version 7")]
    [InlineData("none", "'calls' is empty")]
    [InlineData("ghost", "depends on c9, which does not exist")]
    [InlineData("status", "finishes as succeeded, partial or failed")]
    public async Task A_decision_that_cannot_be_carried_out_is_rejected_with_the_reason(string problem, string reason)
    {
        Decision decision = problem switch
        {
            "unknown" => new Decision.CallWorker([Hosts.Call("magic")]),
            "version" => new Decision.CallWorker([Hosts.Call("work") with { Version = 7 }]),
            "none" => new Decision.CallWorker([]),
            "ghost" => new Decision.CallWorker([Hosts.Call("work") with { DependsOn = [new CallId(9)] }]),
            _ => new Decision.Finish("Odd.") { Status = RunStatus.Paused },
        };
        await using var harness = Hosts.With(
            Hosts.Script(_ => decision, _ => new Decision.Finish("Gave up.") { Status = RunStatus.Failed }),
            host => host.AddStub("work"));

        var result = await harness.RunAsync("Decide badly").Soon();

        var rejected = Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>());
        Assert.Contains(reason, rejected.Reason, StringComparison.Ordinal);
        Assert.Empty(result.Calls);
        Assert.Equal(RunStatus.Failed, result.Status);
    }

    [Fact]
    public async Task A_workflow_that_throws_pauses_the_run_after_what_is_under_way_has_finished()
    {
        var gate = new GatedWorker();
        var isBroken = true;
        await using var harness = Hosts.With(
            state => state.Calls.Count == 0 ? new Decision.CallWorker([Hosts.Call("slow"), Hosts.Call("quick")])
                : isBroken ? throw new InvalidOperationException("a mistake")
                : new Decision.Finish("Done."),
            host => host.AddWorker("slow", gate).AddStub("quick"));

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Throw"));
        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.CallEnded>(run);
        gate.Open();
        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => driving.Soon());
        var paused = await harness.RecordAsync(run);
        isBroken = false;
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Contains("is paused", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a mistake", failure.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Paused, paused.State.Status);
        Assert.All(paused.State.Calls, call => Assert.True(call.Succeeded));
        Assert.Equal(RunStatus.Succeeded, result.Status);
    }

    [Fact]
    public async Task A_workflow_that_gives_up_by_itself_is_not_taken_for_a_host_that_stops()
    {
        await using var harness = Hosts.With(_ => throw new TaskCanceledException("The request timed out."), _ => { });
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Time out"));

        await Assert.ThrowsAnyAsync<OrchestratorException>(() => harness.Orchestrator.ResumeAsync(run).Soon());

        Assert.Equal(RunStatus.Paused, (await harness.RecordAsync(run)).State.Status);
    }

    [Fact]
    public async Task A_workflow_that_takes_too_long_pauses_the_run()
    {
        var begun = new TaskCompletionSource();
        await using var harness = new OrchestratorHarness(host => host.AddWorkflow("test", new AsyncDecider(async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new Decision.Finish("Never.");
        })));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Think for ever"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await begun.Task.Soon();
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => driving.Soon());

        var state = (await harness.RecordAsync(run)).State;
        Assert.Contains("MaxCallTime", failure.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Paused, state.Status);
        Assert.Contains("took longer than 00:10:00", state.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_takes_too_long_is_told_to_stop_although_the_run_is_left()
    {
        var begun = new TaskCompletionSource();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var harness = new OrchestratorHarness(host => host.AddWorkflow("test", new AsyncDecider(async (_, token) =>
        {
            token.Register(told.SetResult);
            begun.SetResult();
            await told.Task;
            return new Decision.Finish("Never.");
        })));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Think for ever"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await begun.Task.Soon();
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        await Assert.ThrowsAnyAsync<OrchestratorException>(() => driving.Soon());

        await told.Task.Soon();
    }

    [Fact]
    public async Task A_workflow_that_decides_nothing_is_named()
    {
        await using var harness = Hosts.With(_ => null!, _ => { });

        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => harness.RunAsync("Decide").Soon());

        Assert.Contains("'test' decided nothing", failure.Message, StringComparison.Ordinal);
    }
}

/// <summary>A workflow that is one asynchronous function.</summary>
internal sealed class AsyncDecider(Func<TaskState, CancellationToken, Task<Decision>> decide) : IDecider
{
    public async ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken) => await decide(state, cancellationToken);
}
