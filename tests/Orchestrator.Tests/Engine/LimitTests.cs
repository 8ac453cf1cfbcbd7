using Microsoft.Extensions.AI;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class LimitTests
{
    [Fact]
    public async Task Steps_are_limited_and_rejected_decisions_count()
    {
        await using var harness = Hosts.With(_ => new Decision.Continue(), _ => { }, options => options.MaxSteps = 5);

        var result = await harness.RunAsync("Never decide anything sensible").Soon();

        var record = await harness.RecordAsync(result.Run);
        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Contains("All 5 steps", result.Summary, StringComparison.Ordinal);
        Assert.Equal(5, record.Of<RunEvent.DecisionRejected>().Count());
        Assert.Contains(harness.Log, line => line.Text.Contains("limit on Steps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_unusable_decisions_in_a_row_end_the_run_long_before_its_steps_are_used()
    {
        await using var harness = Hosts.With(
            state => state.Calls.Count == 0 ? Decision.Call("look", Hosts.Nothing) : new Decision.Continue(),
            host => host.AddStub("look"));

        var result = await harness.RunAsync("Never decide anything sensible again").Soon();

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.StartsWith("10 decisions in a row could not be carried out; the last one: There is nothing to continue", result.Summary, StringComparison.Ordinal);
        Assert.Equal(10, (await harness.RecordAsync(result.Run)).Of<RunEvent.DecisionRejected>().Count());
    }

    [Fact]
    public async Task A_finish_that_waits_for_evidence_is_carried_through_by_the_last_step()
    {
        await using var harness = Hosts.With(
            _ => new Decision.Finish("Done."),
            host => host.AddStub("check").AddPolicy("needs_check", (subject, state) => subject is IPolicy.Subject.OfFinish && state.Latest("check") is null
                ? new Verdict.Require(Hosts.Call("check"), "Nobody has checked.")
                : Verdict.Allowed),
            options => options.MaxSteps = 1);

        var result = await harness.RunAsync("One step").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(1, (await harness.RecordAsync(result.Run)).State.Steps);
    }

    [Fact]
    public async Task The_time_of_a_run_is_limited()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate), options =>
        {
            options.MaxRunTime = TimeSpan.FromMinutes(3);
            options.MaxCallTime = TimeSpan.FromHours(1);
        });

        var driving = harness.RunAsync("Take your time");
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromMinutes(3));
        var result = await driving.Soon();

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Contains("00:03:00", result.Summary, StringComparison.Ordinal);
        Assert.Equal(CallResult.Failure.Codes.Abandoned, result.Calls[0].Result!.Error!.Code);
        Assert.True(gate.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Waiting_for_a_person_takes_no_run_time()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Script(_ => new Decision.CallWorker([Person.Call(new Person.Question("Go on?"))]), _ => new Decision.CallWorker([Hosts.Call("work")]), _ => new Decision.Finish("Done.")),
            host => host.AddWorker("work", gate),
            options => options.MaxRunTime = TimeSpan.FromMinutes(5));
        var paused = await harness.RunAsync("Ask").Soon();

        harness.Time.Advance(TimeSpan.FromDays(30));
        await harness.Orchestrator.AnswerAsync(paused.Run, new CallId(1), "yes");
        var driving = harness.Orchestrator.ResumeAsync(paused.Run);
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromMinutes(2));
        gate.Open();
        var result = await driving.Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(TimeSpan.FromMinutes(2), (await harness.RecordAsync(result.Run)).State.ActiveTime);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_of_a_call_is_limited_whether_its_worker_heeds_that_or_not(bool ignoresCancellation)
    {
        var gate = new GatedWorker { IgnoresCancellation = ignoresCancellation };
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate, worker => worker.WithTimeLimit(TimeSpan.FromSeconds(30))));

        var driving = harness.RunAsync("Hang");
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(31));
        var result = await driving.Soon();
        gate.Open();

        Assert.Equal(CallResult.Failure.Codes.TimedOut, result.Calls[0].Result!.Error!.Code);
        Assert.Contains("00:00:30", result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Succeeded, result.Status);
    }

    [Fact]
    public async Task A_call_makes_no_more_attempts_than_it_may()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "Hello.");
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("chatty")),
            host => host.AddModel("m", _ => model).AddStub("chatty", async (context, token) =>
            {
                for (var i = 0; ; i++)
                {
                    await context.Models.Get("m").GetResponseAsync($"Question {i}", cancellationToken: token);
                }
            }),
            options => options.MaxAttempts = 3);

        var result = await harness.RunAsync("Chat").Soon();

        Assert.Equal(CallResult.Failure.Codes.OverBudget, result.Calls[0].Result!.Error!.Code);
        Assert.Equal(3, model.Requests.Count);
        Assert.Equal(RunStatus.Succeeded, result.Status);
    }

    [Fact]
    public async Task At_a_limit_of_money_what_is_under_way_is_finished_and_nothing_else_begun()
    {
        var gate = new GatedWorker();
        var model = new ScriptedChatClient().Otherwise(_ => "Hello.");
        await using var harness = Hosts.With(
            state => state.Calls.Count == 0 ? new Decision.CallWorker([Hosts.Call("slow"), Hosts.Call("dear"), Hosts.Call("late") with { DependsOn = [] }]) : new Decision.Continue(Decision.WakeOn.Idle),
            host => host
                .AddModel("m", _ => model, new ModelOptions.TokenPrice(1_000_000m, 1_000_000m))
                .AddWorker("slow", gate)
                .AddStub("late")
                .AddStub("dear", async (context, token) =>
                {
                    await gate.BegunAsync();
                    await context.Models.Get("m").GetResponseAsync("Too dear", cancellationToken: token);
                    return Hosts.Reply();
                }),
            options =>
            {
                options.MaxCost = 5m;
                options.MaxParallelCalls = 2;
            });
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Spend"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await harness.WaitForAsync<RunEvent.LimitReached>(run);
        await harness.WaitForAsync<RunEvent.CallEnded>(run);
        gate.Open();
        var result = await driving.Soon();

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.True(result.Calls[0].Succeeded);
        Assert.Equal(CallResult.Failure.Codes.OverBudget, result.Calls[1].Result!.Error!.Code);
        Assert.Equal(CallResult.Failure.Codes.Abandoned, result.Calls[2].Result!.Error!.Code);
        Assert.Empty(model.Requests);
        Assert.Equal(0, result.Cost);
    }

    [Fact]
    public async Task A_raised_budget_lets_a_run_go_on()
    {
        await using var harness = Hosts.With(
            state => state.Calls.Count < 3 ? new Decision.CallWorker([Person.Call(new Person.Question($"Question {state.Calls.Count}?"))]) : new Decision.Finish("Done."),
            _ => { },
            options => options.MaxSteps = 2);
        var run = (await harness.RunAsync("Ask thrice").Soon()).Run;

        await harness.Orchestrator.RaiseBudgetAsync(run, new Budget { Steps = 10 });
        for (var call = 1; call <= 3; call++)
        {
            await harness.Orchestrator.AnswerAsync(run, new CallId(call), "yes");
            await harness.Orchestrator.ResumeAsync(run).Soon();
        }

        var record = await harness.RecordAsync(run);
        Assert.Equal(RunStatus.Succeeded, record.State.Status);
        Assert.Single(record.Of<RunEvent.BudgetRaised>());
        Assert.Equal(10, record.State.Limits.Steps);
    }

    [Fact]
    public async Task A_cost_limit_of_a_task_needs_models_with_prices()
    {
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), host => host.AddModel("free", _ => new ScriptedChatClient()));

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync(new TaskRequest("Save money") { Budget = new Budget { Cost = 1m } }));

        Assert.Contains("'free' has no price", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_time_limit_is_too_long()
    {
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work"), options =>
        {
            options.MaxCallTime = TimeSpan.MaxValue;
            options.MaxRunTime = TimeSpan.MaxValue;
            options.DrainTime = TimeSpan.MaxValue;
        });

        Assert.Equal(RunStatus.Succeeded, (await harness.RunAsync("No hurry").Soon()).Status);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task However_many_ask_at_once_no_budget_is_passed(int seed)
    {
        var random = new Random(seed);
        var price = new ModelOptions.TokenPrice(random.Next(1, 50), random.Next(1, 200));
        var maxOutput = random.Next(10, 2_000);
        var calls = random.Next(2, 12);
        var cost = random.Next(1, 40) / 1_000m;
        var tokens = random.Next(500, 20_000);
        var model = new ScriptedChatClient().Otherwise(request => new ScriptedReply("ok")
        {
            // Never more than what was held for it: the prompt's bytes, and what the model was told to stop at.
            Usage = new TokenUsage(random.Next(0, 20), random.Next(0, (request.Options?.MaxOutputTokens ?? 1) + 1)),
        });
        await using var harness = Hosts.With(
            state => state.Calls.Count == 0 ? new Decision.CallWorker([.. Enumerable.Range(0, calls).Select(_ => Hosts.Call("ask"))]) : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."),
            host => host
                .AddModel("m", _ => model, price, new ModelOptions { MaxOutputTokens = maxOutput })
                .AddStub("ask", async (context, token) =>
                {
                    for (var i = 0; i < 6; i++)
                    {
                        await context.Models.Get("m").GetResponseAsync([new ChatMessage(ChatRole.User, $"Question {i}, of twenty bytes or more")], cancellationToken: token);
                    }

                    return Hosts.Reply();
                }),
            options =>
            {
                options.MaxCost = cost;
                options.MaxTokens = tokens;
                options.MaxParallelCalls = calls;
            });

        var result = await harness.RunAsync("Ask all at once").Soon();

        Assert.InRange(result.Cost, 0, cost);
        Assert.InRange(result.Usage.Total, 0, tokens);
        var state = TaskState.Fold(result.Run, []);
        foreach (var recorded in (await harness.RecordAsync(result.Run)).Events)
        {
            state = state.Apply(recorded);
            Assert.True(state.Spending.Cost + state.Spending.HeldCost <= cost, $"seed {seed}: more than {cost} is spent or held at event {recorded.Sequence}");
            Assert.True(state.Spending.Used.Total + state.Spending.HeldTokens.Total <= tokens, $"seed {seed}: more than {tokens} tokens are used or held at event {recorded.Sequence}");
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];
}
