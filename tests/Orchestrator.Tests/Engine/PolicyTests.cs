using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class PolicyTests
{
    private static readonly IPolicy.Subject.At[] AllStages = [IPolicy.Subject.At.Plan, IPolicy.Subject.At.Call, IPolicy.Subject.At.Patch, IPolicy.Subject.At.Finish];

    [Fact]
    public async Task Every_verdict_at_every_stage_is_an_event()
    {
        await using var harness = Planning(host => host.AddPolicy("watchful", (_, _) => Verdict.Allowed));

        var result = await harness.RunAsync("Judge").Soon();

        var verdicts = (await harness.RecordAsync(result.Run)).Of<RunEvent.VerdictGiven>().ToList();
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(AllStages, verdicts.Select(verdict => verdict.Stage));
        Assert.All(verdicts, verdict => Assert.Equal(("watchful", true), (verdict.Policy, verdict.Verdict is Verdict.Allow && verdict.Subject.Length > 0)));
    }

    [Theory]
    [InlineData(IPolicy.Subject.At.Plan)]
    [InlineData(IPolicy.Subject.At.Call)]
    [InlineData(IPolicy.Subject.At.Patch)]
    [InlineData(IPolicy.Subject.At.Finish)]
    public async Task A_denial_stops_what_it_is_about_and_its_reason_is_seen(IPolicy.Subject.At stage)
    {
        await using var harness = Planning(host => host.AddPolicy("strict", (subject, _) => subject.Stage == stage ? new Verdict.Deny("Not like this.") : Verdict.Allowed));

        var result = await harness.RunAsync("Judge").Soon();

        var record = await harness.RecordAsync(result.Run);
        var state = record.State;
        Assert.Contains(state.Objections, objection => objection.Stage == stage && objection.Verdict is Verdict.Deny { Reason: "Not like this." });
        if (stage is IPolicy.Subject.At.Plan or IPolicy.Subject.At.Finish)
        {
            Assert.Contains(record.Of<RunEvent.DecisionRejected>(), rejected => rejected.Reason.Contains("strict: Not like this.", StringComparison.Ordinal));
            Assert.NotEqual(RunStatus.Succeeded, result.Status);
        }
        else
        {
            Assert.Equal((CallResult.Failure.Codes.Denied, "strict: Not like this."), (result.Calls[0].Result!.Error!.Code, result.Calls[0].Result!.Error!.Message));
        }

        Assert.Equal(stage == IPolicy.Subject.At.Finish, result.Diff.Length > 0);
    }

    [Theory]
    [InlineData(IPolicy.Subject.At.Plan)]
    [InlineData(IPolicy.Subject.At.Call)]
    [InlineData(IPolicy.Subject.At.Patch)]
    [InlineData(IPolicy.Subject.At.Finish)]
    public async Task A_required_call_is_inserted_and_then_it_is_judged_again(IPolicy.Subject.At stage)
    {
        await using var harness = Planning(host => host.AddStub("check").AddPolicy("thorough", (subject, state) =>
            subject.Stage == stage && subject is not IPolicy.Subject.OfCall { Call.Capability: "check" } && !state.Calls.Any(call => call.Succeeded && call.Call.Capability == "check" && call.Call.BoundTo == subject.Hash)
                ? new Verdict.Require(Hosts.Call("check"), "Nobody has checked this.")
                : Verdict.Allowed));

        var result = await harness.RunAsync("Judge").Soon();

        var check = Assert.Single(result.Calls, call => call.Call.Capability == "check");
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal("thorough", check.Call.RequiredBy);
        Assert.NotEmpty(result.Diff);
        Assert.Contains((await harness.RecordAsync(result.Run)).Of<RunEvent.VerdictGiven>(), verdict => verdict.Stage == stage && verdict.Verdict is Verdict.Require { Reason: "Nobody has checked this." });
    }

    [Theory]
    [InlineData(IPolicy.Subject.At.Plan)]
    [InlineData(IPolicy.Subject.At.Call)]
    [InlineData(IPolicy.Subject.At.Patch)]
    [InlineData(IPolicy.Subject.At.Finish)]
    public async Task A_requirement_that_is_never_satisfied_becomes_a_denial(IPolicy.Subject.At stage)
    {
        await using var harness = Planning(host => host.AddStub("check").AddPolicy("insatiable", (subject, _) =>
            subject.Stage == stage && subject is not IPolicy.Subject.OfCall { Call.Capability: "check" } ? new Verdict.Require(Hosts.Call("check"), "Never enough.") : Verdict.Allowed));

        var result = await harness.RunAsync("Judge").Soon();

        var record = await harness.RecordAsync(result.Run);
        Assert.Contains(record.Of<RunEvent.VerdictGiven>(), verdict => verdict.Verdict is Verdict.Deny deny && deny.Reason.Contains("does not satisfy the policy", StringComparison.Ordinal));
        Assert.True(result.Calls.Count(call => call.Call.Capability == "check") <= 2);
        Assert.True(record.State.HasEnded);
    }

    [Fact]
    public async Task A_person_approves_one_thing_and_nothing_else()
    {
        var wanted = new Queue<string>(["first", "second"]);
        await using var harness = Hosts.With(
            state => state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle)
                : wanted.TryDequeue(out var next) ? Decision.Call("deploy", new Dictionary<string, string> { ["what"] = next })
                : new Decision.Finish("Done."),
            host => host.AddStub("deploy").AddPolicy("approval", (subject, state) => subject is not IPolicy.Subject.OfCall { Call.Capability: "deploy" } call ? Verdict.Allowed
                : IsApproved(state, call.Hash) ? Verdict.Allowed
                : new Verdict.Require(Person.Call(new Person.Question($"Deploy {call.Call.Input.Inline.GetProperty("what").GetString()}?") { Options = ["yes", "no"] }), "A person has to approve.")));

        var run = (await harness.RunAsync("Deploy twice").Soon()).Run;
        await harness.Orchestrator.AnswerAsync(run, new CallId(2), "yes");
        var second = await harness.Orchestrator.ResumeAsync(run).Soon();
        await harness.Orchestrator.AnswerAsync(run, new CallId(4), "no");
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Contains("Deploy second?", second.Summary, StringComparison.Ordinal);
        Assert.True(result.Calls[0].Succeeded);
        Assert.Equal(CallResult.Failure.Codes.Denied, result.Calls[2].Result!.Error!.Code);
        Assert.NotEqual(result.Calls[1].Call.BoundTo, result.Calls[3].Call.BoundTo);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_cannot_say_denies(bool throws)
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.AddStub("work").AddPolicy("broken", (subject, _) => subject is not IPolicy.Subject.OfCall ? Verdict.Allowed : throws ? throw new InvalidOperationException("out of order") : null!));

        var result = await harness.RunAsync("Judge").Soon();

        Assert.Equal(CallResult.Failure.Codes.Denied, result.Calls[0].Result!.Error!.Code);
        Assert.Contains(throws ? "out of order" : "said nothing", result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_that_require_each_others_calls_end_in_a_denial()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("x")),
            host => host.AddStub("x").AddStub("y")
                .AddPolicy("x_needs_y", (subject, _) => subject is IPolicy.Subject.OfCall { Call.Capability: "x" } ? new Verdict.Require(Hosts.Call("y"), "x needs y.") : Verdict.Allowed)
                .AddPolicy("y_needs_x", (subject, _) => subject is IPolicy.Subject.OfCall { Call.Capability: "y" } ? new Verdict.Require(Hosts.Call("x"), "y needs x.") : Verdict.Allowed));

        var result = await harness.RunAsync("Circle").Soon();

        Assert.All(result.Calls, call => Assert.Equal(CallResult.Failure.Codes.Denied, call.Result!.Error!.Code));
        Assert.Contains((await harness.RecordAsync(result.Run)).Of<RunEvent.VerdictGiven>(), verdict => verdict.Verdict is Verdict.Deny deny && deny.Reason.Contains("in a circle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_one_policy_requires_is_still_held_up_by_another()
    {
        var deployed = 0;
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.AddStub("work").AddStub("deploy", (_, _) =>
                {
                    deployed++;
                    return Task.FromResult(Hosts.Reply());
                })
                .AddPolicy("work_needs_deploy", (subject, state) => subject is IPolicy.Subject.OfCall { Call.Capability: "work" } && state.Latest("deploy") is not { Succeeded: true }
                    ? new Verdict.Require(Hosts.Call("deploy"), "Deploy first.") : Verdict.Allowed)
                .AddPolicy("approval", (subject, state) => subject is IPolicy.Subject.OfCall { Call.Capability: "deploy" } call && !IsApproved(state, call.Hash)
                    ? new Verdict.Require(Person.Call(new Person.Question("Deploy?")), "A person has to approve.") : Verdict.Allowed));

        var paused = await harness.RunAsync("No way round").Soon();
        var before = deployed;
        await harness.Orchestrator.AnswerAsync(paused.Run, new CallId(3), "yes");
        var result = await harness.Orchestrator.ResumeAsync(paused.Run).Soon();

        Assert.Equal((0, 1), (before, deployed));
        Assert.All(result.Calls, call => Assert.True(call.Succeeded));
    }

    [Fact]
    public async Task A_policy_that_wants_every_call_approved_does_not_wait_for_its_own_question()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("work")),
            host => host.AddStub("work").AddPolicy("approval", (subject, state) => subject is IPolicy.Subject.OfCall call && !IsApproved(state, call.Hash)
                ? new Verdict.Require(Person.Call(new Person.Question("Go on?")), "A person has to approve.") : Verdict.Allowed));

        var paused = await harness.RunAsync("Approve all").Soon();
        await harness.Orchestrator.AnswerAsync(paused.Run, new CallId(2), "yes");
        var result = await harness.Orchestrator.ResumeAsync(paused.Run).Soon();

        Assert.Equal((RunStatus.Succeeded, 2), (result.Status, result.Calls.Count));
    }

    [Fact]
    public async Task A_policy_that_requires_what_nobody_provides_denies()
    {
        await using var harness = Planning(host => host.AddPolicy("dreamer", (subject, _) => subject is IPolicy.Subject.OfFinish ? new Verdict.Require(Hosts.Call("magic"), "Needs magic.") : Verdict.Allowed));

        var result = await harness.RunAsync("Dream").Soon();

        Assert.Contains((await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>(), rejected => rejected.Reason.Contains("Nobody provides 'magic'", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Failed, result.Status);
    }

    private static bool IsApproved(TaskState state, string hash) => state.Calls.Any(call => call.Call.BoundTo == hash && call.Succeeded
        && call.Call.Capability == Person.Capability && call.Result!.Output.Inline.GetProperty("answer").GetString() == "yes");

    /// <summary>Plans one edit, and finishes: as a failure, once it was not allowed to finish as a success.</summary>
    private static OrchestratorHarness Planning(Action<OrchestratorBuilder> configure)
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["a.txt"] = "a\n" });
        return Hosts.With(
            state => state.Steps == 0 ? new Decision.Replan(new Plan([Hosts.Step("edit", "edit")]))
                : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle)
                : state.LastRejection.Length > 0 ? new Decision.Finish("Not allowed.") { Status = RunStatus.Failed }
                : new Decision.Finish("Done."),
            host =>
            {
                host.UseWorkspace(_ => workspace).AddStub("edit", """{"status":"success","files":[{"path":"a.txt","code":"b\n"}]}""");
                configure(host);
            });
    }
}
