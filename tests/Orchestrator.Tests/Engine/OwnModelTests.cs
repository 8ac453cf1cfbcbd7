using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>Workers that reach a model by themselves: nobody sees their requests, so the most that a call can cost is held while it works.</summary>
public sealed class OwnModelTests
{
    [Fact]
    public async Task However_many_run_at_once_no_more_is_begun_than_the_budget_can_pay()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("agent"), Hosts.Call("agent"), Hosts.Call("agent"), Hosts.Call("agent")),
            host => host.AddWorker("agent", gate, worker => worker.WithOwnModel(maxCost: 0.4m)),
            options => options.MaxCost = 1m);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Spend"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await gate.BegunAsync();
        await harness.WaitForAsync<RunEvent.LimitReached>(run);
        gate.Open();
        var result = await driving.Soon();

        Assert.Equal(2, gate.Runs);
        Assert.Equal(0.8m, result.Cost);
        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Equal(2, result.Calls.Count(call => call.Result!.Error?.Code is CallResult.Failure.Codes.OverBudget or CallResult.Failure.Codes.Abandoned));
    }

    [Fact]
    public async Task What_a_worker_reports_is_settled_instead_of_the_most_it_could_have_cost()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("agent")),
            host => host.AddStub(
                "agent",
                (context, _) =>
                {
                    context.ReportSpending(new TokenUsage(100, 20), 0.05m);
                    context.ReportSpending(new TokenUsage(50, 5), 0.02m);
                    return Task.FromResult(Hosts.Reply());
                },
                worker => worker.WithOwnModel(maxCost: 0.5m)));

        var result = await harness.RunAsync("Spend").Soon();

        Assert.Equal(0.07m, result.Cost);
        Assert.Equal(new TokenUsage(150, 25), result.Usage);
    }

    [Fact]
    public async Task A_worker_that_throws_has_cost_all_that_was_held()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("agent")),
            host => host.AddStub("agent", (_, _) => throw new InvalidDataException("It broke."), worker => worker.WithOwnModel(maxCost: 0.5m)));

        var result = await harness.RunAsync("Spend").Soon();

        Assert.Equal(0.5m, result.Cost);
        Assert.Equal(CallResult.Failure.Codes.WorkerFailed, result.Calls[0].Result!.Error!.Code);
        Assert.Contains("It broke.", Assert.Single((await harness.RecordAsync(result.Run)).Of<RunEvent.AttemptEnded>()).Receipt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_for_a_worker_that_ignores_its_time_limit_is_not_spent_twice()
    {
        var gate = new GatedWorker { IgnoresCancellation = true };
        await using var harness = Hosts.With(
            state => state.Calls.Count < 2 && state.OpenCalls.Count == 0 ? new Decision.CallWorker([Hosts.Call("agent")]) : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."),
            host => host.AddWorker("agent", gate, worker => worker.WithOwnModel(maxCost: 0.6m).WithTimeLimit(TimeSpan.FromSeconds(5))),
            options => options.MaxCost = 1m);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Hang"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(6));
        var result = await driving.Soon();

        Assert.Equal([CallResult.Failure.Codes.TimedOut, CallResult.Failure.Codes.OverBudget], result.Calls.Select(call => call.Result!.Error!.Code));
        Assert.Equal(1, gate.Runs);
        gate.Open();
    }

    [Fact]
    public async Task A_reply_whose_receipt_was_written_is_not_paid_for_again_wherever_the_host_crashed()
    {
        var counting = CrashingJournal.Counting(new InMemoryRunJournal(TimeProvider.System));
        await using (var whole = Agent(counting, () => { }))
        {
            await whole.RunAsync("Count").Soon();
        }

        for (var append = 2; append <= counting.Appends; append++)
        {
            var leases = new ManualTimeProvider();
            var inner = new SerializedInMemoryRunJournal(leases);
            var runs = 0;
            await using var first = Agent(CrashingJournal.AfterAppend(inner, append), () => Interlocked.Increment(ref runs));
            await using var second = Agent(inner, () => Interlocked.Increment(ref runs));
            var run = await first.Orchestrator.StartAsync(new TaskRequest("Crash"));

            await Assert.ThrowsAnyAsync<OrchestratorException>(() => first.Orchestrator.ResumeAsync(run).Soon());
            leases.Advance(TimeSpan.FromMinutes(1));
            var result = await second.Orchestrator.ResumeAsync(run).Soon();

            var receipts = (await second.RecordAsync(run)).Of<RunEvent.AttemptEnded>().ToList();
            Assert.Equal(RunStatus.Succeeded, result.Status);
            Assert.Equal("once", result.Calls[0].Result!.Output.Inline.GetProperty("notes").GetString());
            Assert.Equal(1, runs);
            Assert.Single(receipts);
        }
    }

    [Fact]
    public async Task A_limit_of_money_needs_to_know_what_a_call_can_cost()
    {
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), host => host.AddStub("agent", (_, _) => Task.FromResult(Hosts.Reply()), worker => worker.WithOwnModel()));

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync(new TaskRequest("Save money") { Budget = new Budget { Cost = 1m } }));

        Assert.Contains("'agent' reaches a model by itself", rejected.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_known_of_a_worker_that_must_not_be_repeated_is_not_asked_of_a_person(bool receiptIsWritten)
    {
        var leases = new ManualTimeProvider();
        var inner = new SerializedInMemoryRunJournal(leases);
        var runs = 0;
        await using var first = Agent(new StoppingAfterReceipt(inner, receiptIsWritten), () => runs++, worker => worker.NotRepeatable());
        await using var second = Agent(inner, () => runs++, worker => worker.NotRepeatable());
        var run = await first.Orchestrator.StartAsync(new TaskRequest("Crash"));

        await Assert.ThrowsAnyAsync<OrchestratorException>(() => first.Orchestrator.ResumeAsync(run).Soon());
        leases.Advance(TimeSpan.FromMinutes(1));
        var result = await second.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(receiptIsWritten ? RunStatus.Succeeded : RunStatus.Paused, result.Status);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task An_input_that_cannot_be_bound_costs_nothing()
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["a.txt"] = "a\n" });
        await using var harness = Hosts.With(
            Hosts.Calls(WorkerCall.To("agent", Hosts.Reply("""{"file":"gone.txt"}"""))),
            host => host.UseWorkspace(_ => workspace).AddWorker<OneFile, OneFile>("agent", (input, _) => Task.FromResult(input), worker => worker.WithOwnModel(maxCost: 0.5m)));

        var result = await harness.RunAsync("Spend").Soon();

        Assert.Equal(CallResult.Failure.Codes.InvalidInput, result.Calls[0].Result!.Error!.Code);
        Assert.Equal(0, result.Cost);
    }

    [Fact]
    public async Task A_worker_that_a_stopping_host_broke_off_is_carried_out_by_the_next_however_it_took_that()
    {
        var runs = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("agent")),
            host => host.AddStub(
                "agent",
                async (_, token) =>
                {
                    if (Interlocked.Increment(ref runs) > 1)
                    {
                        return Hosts.Reply();
                    }

                    begun.SetResult();
                    var ended = new TaskCompletionSource();
                    await using var registration = token.Register(ended.SetResult);
                    await ended.Task;
                    throw new IOException("The agent ended with exit code 143.");
                },
                worker => worker.WithOwnModel(maxCost: 0.5m)));
        using var stop = new CancellationTokenSource();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Stop"));

        var driving = harness.Orchestrator.ResumeAsync(run, stop.Token);
        await begun.Task.Soon();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.PassTimeAsync(driving));
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.True(result.Calls[0].Succeeded, result.Calls[0].Result!.Error?.Message);
        Assert.Equal(2, runs);
    }

    private sealed record OneFile(SourceFile File);

    /// <summary>Fails every append from the one after an attempt's receipt on, or from the receipt itself on.</summary>
    private sealed class StoppingAfterReceipt(IRunJournal inner, bool writesReceipt) : DelegatingJournal(inner)
    {
        private bool _stopped;

        public override async ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
        {
            var isReceipt = events.Any(recorded => recorded.Event is RunEvent.AttemptEnded);
            if (_stopped || (isReceipt && !writesReceipt))
            {
                _stopped = true;
                throw new IOException("The host is gone.");
            }

            await base.AppendAsync(run, epoch, expectedSequence, events, cancellationToken);
            _stopped = isReceipt;
        }
    }

    // A blank and an apostrophe: what a journal writes anew without changing what it says.
    private static OrchestratorHarness Agent(IRunJournal journal, Action count, Action<WorkerOptions>? more = null) => Hosts.With(
        Hosts.Calls(WorkerCall.To("agent", Hosts.Reply("{ \"goal\": \"Don\\u0027t <b>\" }"))),
        host => host.AddStub(
            "agent",
            (_, _) =>
            {
                count();
                return Task.FromResult(Hosts.Reply("""{"status":"success","notes":"once"}"""));
            },
            worker =>
            {
                worker.WithOwnModel(maxCost: 0.1m);
                more?.Invoke(worker);
            }),
        journal: journal);
}
