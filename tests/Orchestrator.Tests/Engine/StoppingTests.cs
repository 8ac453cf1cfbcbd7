using Microsoft.Extensions.AI;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class StoppingTests
{
    [Fact]
    public async Task A_host_that_stops_lets_calls_under_way_finish_and_begins_nothing()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Planned(Hosts.Step("a", "slow"), Hosts.Step("b", "slow", "a")), host => host.AddWorker("slow", gate));
        using var stop = new CancellationTokenSource();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Stop"));

        var driving = harness.Orchestrator.ResumeAsync(run, stop.Token);
        await gate.BegunAsync();
        await stop.CancelAsync();
        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => driving.Soon());

        var state = (await harness.RecordAsync(run)).State;
        Assert.Equal(RunStatus.Running, state.Status);
        Assert.True(state.FindStep("a")!.Succeeded);
        Assert.Null(state.FindStep("b"));
        Assert.Equal(RunStatus.Succeeded, (await harness.Orchestrator.ResumeAsync(run).Soon()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_drain_time_intents_are_left_without_receipts_and_the_next_owner_repeats_them(bool ignoresCancellation)
    {
        var gate = new GatedWorker { IgnoresCancellation = ignoresCancellation };
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        using var stop = new CancellationTokenSource();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Stop"));

        var driving = harness.Orchestrator.ResumeAsync(run, stop.Token);
        await gate.BegunAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.PassTimeAsync(driving));
        var left = (await harness.RecordAsync(run)).State.Calls[0];
        var again = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        gate.Open();
        var result = await again.Soon();

        Assert.Equal(CallState.Phase.Running, left.Status);
        Assert.Null(left.Result);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(2, gate.Runs);
    }

    [Fact]
    public async Task Cancelling_a_run_that_is_driven_ends_it_at_once()
    {
        var gate = new GatedWorker { IgnoresCancellation = true };
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Cancel"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await harness.Orchestrator.CancelAsync(run, "Not needed any more.");
        var result = await driving.Soon();
        gate.Open();

        Assert.Equal(RunStatus.Cancelled, result.Status);
        Assert.Contains("Not needed any more.", result.Summary, StringComparison.Ordinal);
        Assert.Equal(CallResult.Failure.Codes.Abandoned, result.Calls[0].Result!.Error!.Code);
        Assert.True(gate.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancelling_a_run_that_nobody_drives_takes_effect_when_somebody_does()
    {
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work"));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Cancel"));

        await harness.Orchestrator.CancelAsync(run);
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();
        await harness.Orchestrator.CancelAsync(run);

        Assert.Equal(RunStatus.Cancelled, result.Status);
        Assert.Empty(result.Calls);
        Assert.Single((await harness.RecordAsync(run)).Of<RunEvent.CancelRequested>());
    }

    [Fact]
    public async Task Cancelling_from_another_host_reaches_the_one_that_drives()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        await using var other = harness.Beside();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Cancel"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await other.Orchestrator.CancelAsync(run, "Elsewhere.");
        var result = await harness.PassTimeAsync(driving);

        Assert.Equal(RunStatus.Cancelled, result.Status);
    }

    [Fact]
    public async Task A_command_becomes_an_event_exactly_once_whoever_drives()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Mail"));
        await harness.Orchestrator.RaiseBudgetAsync(run, new Budget { Steps = 7 });
        await harness.Orchestrator.RaiseBudgetAsync(run, new Budget { Tokens = 8_000 });

        _ = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await using var next = harness.Restart();
        var driving = next.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await next.Orchestrator.RaiseBudgetAsync(run, new Budget { Steps = 9 });
        gate.Open();
        await driving.Soon();

        var record = await next.RecordAsync(run);
        Assert.Equal([1, 2, 3], record.Of<RunEvent.BudgetRaised>().Select(raised => raised.Mail));
        Assert.Equal((9, 8_000L), (record.State.Limits.Steps, record.State.Limits.Tokens));
    }

    [Fact]
    public async Task A_worker_that_was_given_up_can_spend_nothing_more()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "Hello.");
        var proceed = new TaskCompletionSource();
        var refused = new TaskCompletionSource<Exception?>();
        var begun = new TaskCompletionSource();
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("stubborn")),
            host => host.AddModel("m", _ => model).AddStub("stubborn", async (context, _) =>
            {
                begun.SetResult();
                await proceed.Task;
                refused.SetResult(await Record.ExceptionAsync(() => context.Models.Get("m").GetResponseAsync([new(ChatRole.User, "One more")], cancellationToken: CancellationToken.None)));
                return Hosts.Reply();
            }));

        var driving = harness.RunAsync("Spend on");
        await begun.Task.Soon();
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        await driving.Soon();
        proceed.SetResult();

        Assert.IsAssignableFrom<OperationCanceledException>(await refused.Task.Soon());
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task A_request_under_way_is_broken_off_with_its_call_whatever_token_it_was_given()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Hangs());
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("stubborn")),
            host => host.AddModel("m", _ => model, options: new ModelOptions { IdleTimeout = TimeSpan.FromDays(1) }).AddStub("stubborn", async (context, _) =>
            {
                await context.Models.Get("m").GetResponseAsync([new(ChatRole.User, "Hang")], cancellationToken: CancellationToken.None);
                return Hosts.Reply();
            }));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Hang"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.AttemptStarted>(run);
        await harness.Orchestrator.CancelAsync(run);
        await driving.Soon();

        // Its hold is settled: nothing is held for ever, and what was held counts as used.
        var record = await harness.RecordAsync(run);
        Assert.Single(record.Of<RunEvent.AttemptEnded>());
        Assert.Empty(record.State.Spending.Holds);
    }

    [Fact]
    public async Task A_run_that_was_cancelled_while_its_workflow_decided_to_finish_ends_as_cancelled()
    {
        OrchestratorHarness? harness = null;
        await using var host = harness = new OrchestratorHarness(builder => builder.AddWorkflow("test", new AsyncDecider(async (state, token) =>
        {
            await harness!.Orchestrator.CancelAsync(state.Run, "First.", CancellationToken.None);
            await harness.WaitForAsync<RunEvent.CancelRequested>(state.Run, cancellationToken: token);
            return new Decision.Finish("Done.");
        })));

        var result = await harness.RunAsync("Both at once").Soon();

        Assert.Equal((RunStatus.Cancelled, "Cancelled: First."), (result.Status, result.Summary));
        Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.Finished>());
    }
}
