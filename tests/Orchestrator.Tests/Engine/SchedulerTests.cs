using Orchestrator.Engine;

namespace Orchestrator.Tests.Engine;

public sealed class SchedulerTests
{
    [Fact]
    public async Task A_step_starts_the_moment_its_own_dependencies_are_done()
    {
        var slow = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Planned(Hosts.Step("slow", "slow"), Hosts.Step("quick", "quick"), Hosts.Step("after_quick", "after", "quick")),
            host => host.AddWorker("slow", slow).AddStub("quick").AddStub("after", (_, _) =>
            {
                // Were there a barrier, this could never run: the slow one waits for it.
                slow.Open();
                return Task.FromResult(Hosts.Reply());
            }));

        var result = await harness.RunAsync("No barrier").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.All(result.Calls, call => Assert.True(call.Succeeded));
    }

    [Fact]
    public async Task A_failed_branch_blocks_only_what_depends_on_it()
    {
        await using var harness = Hosts.With(
            Hosts.Planned(
                Hosts.Step("bad", "bad"), Hosts.Step("below_bad", "good", "bad"), Hosts.Step("far_below_bad", "good", "below_bad"),
                Hosts.Step("good", "good"), Hosts.Step("below_good", "good", "good")),
            host => host.AddStub("bad", """{"status":"failed","notes":"no"}""").AddStub("good"));

        var result = await harness.RunAsync("Two branches").Soon();

        var record = await harness.RecordAsync(result.Run);
        Assert.Equal(["bad", "below_good", "good"], record.Steps().Order());
        Assert.True(record.State.FindStep("below_good")!.Succeeded);
        Assert.Null(record.State.FindStep("below_bad"));
    }

    [Fact]
    public async Task A_workflow_never_sees_a_run_whose_next_step_has_not_become_a_call_yet()
    {
        var plan = new Plan([.. Enumerable.Range(0, 60).SelectMany(number => new[]
        {
            Hosts.Step($"a{number}", number % 3 == 0 ? "fails" : "work"),
            Hosts.Step($"b{number}", "work", $"a{number}"),
            Hosts.Step($"c{number}", "work", $"b{number}"),
        })]);
        var early = 0;
        await using var harness = Hosts.With(
            state =>
            {
                early += Scheduler.CanAdvance(state) ? 1 : 0;
                return state.Plan.Steps.Count == 0 ? new Decision.Replan(plan) : state.OpenCalls.Count > 0 ? new Decision.Continue() : new Decision.Finish("Done.");
            },
            host => host.AddStub("work").AddStub("fails", """{"status":"failed"}"""),
            options =>
            {
                options.MaxSteps = 1_000;
                options.MaxParallelCalls = 8;
            });

        var result = await harness.RunAsync("Race").Soon();

        Assert.Equal((RunStatus.Succeeded, 0), (result.Status, early));
        Assert.Equal((20 * 1) + (40 * 3), result.Calls.Count);
    }

    [Fact]
    public async Task A_direct_call_that_waits_for_one_that_failed_ends_blocked()
    {
        var gate = new GatedWorker { Json = """{"status":"failed"}""" };
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.CallWorker([Hosts.Call("gate"), Hosts.Call("quick")]),
                _ => new Decision.CallWorker([Hosts.Call("good") with { DependsOn = [new CallId(1)] }]),
                state => state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done.")),
            host => host.AddWorker("gate", gate).AddStub("quick").AddStub("good"));

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Blocked"));
        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.CallCreated>(run, created => created.Call == new CallId(3));
        gate.Open();
        var result = await driving.Soon();

        Assert.Equal(CallResult.Failure.Codes.Blocked, result.Calls[2].Result!.Error!.Code);
        Assert.Contains("c1", result.Calls[2].Result!.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_calls_run_at_once_than_the_cap_allows()
    {
        var running = 0;
        var most = 0;
        await using var harness = Hosts.With(
            Hosts.Calls([.. Enumerable.Range(0, 12).Select(_ => Hosts.Call("work"))]),
            host => host.AddStub("work", async (_, _) =>
            {
                var now = Interlocked.Increment(ref running);
                most = Math.Max(most, now);
                for (var turn = 0; turn < 20; turn++)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref running);
                return Hosts.Reply();
            }),
            options => options.MaxParallelCalls = 3);

        var result = await harness.RunAsync("Twelve calls").Soon();

        Assert.Equal(12, result.Calls.Count(call => call.Succeeded));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_direct_call_starts_once_the_calls_it_depends_on_have_succeeded()
    {
        var first = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.CallWorker([Hosts.Call("first"), Hosts.Call("quick")]),
                _ => new Decision.CallWorker([Hosts.Call("second") with { DependsOn = [new CallId(1)] }]),
                state => state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done.")),
            host => host.AddWorker("first", first).AddStub("quick").AddStub("second"));

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("In order"));
        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.CallCreated>(run, created => created.Call == new CallId(3));
        var waiting = (await harness.RecordAsync(run)).State.Find(new CallId(3))!.Status;
        first.Open();
        var result = await driving.Soon();

        Assert.Equal(CallState.Phase.Waiting, waiting);
        Assert.True(result.Calls[2].StartedSequence > result.Calls[0].EndedSequence);
    }

    [Fact]
    public async Task A_step_without_input_gets_its_description_and_its_paths()
    {
        string? given = null;
        await using var harness = Hosts.With(
            Hosts.Planned(new PlanStep("a", "work", "Do the work") { Reads = ["a.cs"], Writes = ["b.cs"] }),
            host => host.AddWorker("work", new StubWorker((input, _, _) =>
            {
                given = input.GetRawText();
                return Task.FromResult(Hosts.Reply());
            })));

        await harness.RunAsync("Describe").Soon();

        Assert.Equal("""{"goal":"Do the work","reads":["a.cs"],"writes":["b.cs"],"file_path":"b.cs"}""", given);
    }

    [Fact]
    public async Task A_new_plan_keeps_the_calls_of_unchanged_steps_and_makes_the_others_anew()
    {
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.Replan(new Plan([Hosts.Step("a", "work"), Hosts.Step("b", "fails", "a")])),
                _ => new Decision.Replan(new Plan([Hosts.Step("a", "work"), Hosts.Step("b", "work", "a"), Hosts.Step("c", "work", "b")])),
                _ => new Decision.Finish("Done.")),
            host => host.AddStub("work").AddStub("fails", """{"status":"failed"}"""));

        var result = await harness.RunAsync("Plan twice").Soon();

        Assert.Equal(["a", "b", "b", "c"], (await harness.RecordAsync(result.Run)).Steps());
        Assert.Equal(RunStatus.Succeeded, result.Status);
    }

    [Fact]
    public async Task The_same_plan_again_carries_out_what_failed_and_nothing_else()
    {
        var tries = 0;
        var plan = new Plan([Hosts.Step("a", "work"), Hosts.Step("b", "flaky", "a")]);
        await using var harness = Hosts.With(
            state => state.Plan.Steps.Count == 0 || state.FindStep("b") is { Failed: true } ? new Decision.Replan(plan) : new Decision.Finish("Done."),
            host => host.AddStub("work").AddStub("flaky", (_, _) => Task.FromResult(Hosts.Reply(tries++ == 0 ? """{"status":"failed"}""" : """{"status":"success"}"""))));

        var result = await harness.RunAsync("Try again").Soon();

        Assert.Equal(["a", "b", "b"], (await harness.RecordAsync(result.Run)).Steps());
    }

    [Fact]
    public async Task A_step_that_a_new_plan_drops_is_stopped_and_does_not_wake_the_workflow()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.Replan(new Plan([Hosts.Step("long", "long"), Hosts.Step("bad", "bad")])),
                _ => new Decision.Replan(new Plan([Hosts.Step("other", "work")])),
                _ => new Decision.Finish("Done.")),
            host => host.AddWorker("long", gate).AddStub("bad", async (_, _) =>
            {
                await gate.BegunAsync();
                return Hosts.Reply("""{"status":"failed"}""");
            }).AddStub("work"));

        var result = await harness.RunAsync("Change of plan").Soon();

        var record = await harness.RecordAsync(result.Run);
        Assert.Equal(CallResult.Failure.Codes.Abandoned, record.State.Calls[0].Result!.Error!.Code);
        Assert.True(gate.Token.IsCancellationRequested);
        Assert.Equal(3, record.State.Steps);
    }

    [Theory]
    [InlineData("cycle", "circle: a → b → a")]
    [InlineData("dangling", "'nowhere', which is not in the plan")]
    [InlineData("duplicate", "Two steps have the id 'a'")]
    [InlineData("capability", "needs 'magic', which nobody provides; there are person, verify, work")]
    [InlineData("self", "circle: a → a")]
    [InlineData("empty", "no steps")]
    [InlineData("nameless", "A step has no id")]
    public async Task A_plan_that_cannot_be_carried_out_is_rejected_with_the_reason(string problem, string reason)
    {
        PlanStep[] steps = problem switch
        {
            "cycle" => [Hosts.Step("a", "work", "b"), Hosts.Step("b", "work", "a"), Hosts.Step("c", "work", "b")],
            "dangling" => [Hosts.Step("a", "work", "nowhere")],
            "duplicate" => [Hosts.Step("a", "work"), Hosts.Step("a", "work")],
            "capability" => [Hosts.Step("a", "magic")],
            "self" => [Hosts.Step("a", "work", "a")],
            "nameless" => [Hosts.Step("", "work")],
            _ => [],
        };
        await using var harness = Hosts.With(
            Hosts.Script(_ => new Decision.Replan(new Plan(steps)), _ => new Decision.Finish("Gave up.") { Status = RunStatus.Failed }),
            host => host.AddStub("work"));

        var result = await harness.RunAsync("Plan badly").Soon();

        var rejected = Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>());
        Assert.Contains(reason, rejected.Reason, StringComparison.Ordinal);
        Assert.Empty(result.Calls);
    }
}
