using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class OwnershipTests
{
    [Fact]
    public async Task Two_hosts_resuming_one_run_leave_it_to_one_of_them()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("slow")), host => host.AddWorker("slow", gate));
        await using var other = harness.Beside();
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Mine"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        var refused = await Assert.ThrowsAsync<RunOwnedException>(() => other.Orchestrator.ResumeAsync(run).Soon());
        gate.Open();
        var result = await driving.Soon();

        Assert.NotEmpty(refused.Owner);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task A_host_whose_lease_was_lost_stops_and_records_nothing_more()
    {
        var gate = new GatedWorker { IgnoresCancellation = true };
        DeafJournal? deaf = null;
        await using var harness = new OrchestratorHarness(
            host => host.AddWorkflow("test", Hosts.Calls(Hosts.Call("slow"))).AddWorker("slow", gate),
            through: inner => deaf ??= new DeafJournal(inner));
        await using var other = harness.Beside(through: inner => inner);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Lose it"));

        var losing = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(31));
        var winning = other.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        deaf!.Hear();
        await Assert.ThrowsAsync<RunOwnedException>(() => harness.PassTimeAsync(losing));
        gate.Open();
        var result = await winning.Soon();

        var record = await other.RecordAsync(run);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Single(record.Of<RunEvent.CallEnded>());
        Assert.Equal(2, record.Of<RunEvent.Claimed>().Count());
    }

    [Fact]
    public async Task A_host_that_was_overtaken_notices_at_its_next_append()
    {
        var gate = new GatedWorker();
        await using var harness = new OrchestratorHarness(
            host => host.AddWorkflow("test", Hosts.Calls(Hosts.Call("slow"))).AddWorker("slow", gate),
            through: inner => new DeafJournal(inner));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Lose it"));
        var losing = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(31));
        await harness.Journal.ClaimAsync(run, "somebody else", TimeSpan.FromMinutes(1), default);

        gate.Open();
        await Assert.ThrowsAsync<RunOwnedException>(() => losing.Soon());

        Assert.Empty((await harness.RecordAsync(run)).Of<RunEvent.CallEnded>());
    }

    [Fact]
    public async Task A_host_registered_differently_pauses_the_run_and_shows_the_difference()
    {
        var question = Person.Call(new Person.Question("Go on?"));
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("test", new FunctionDecider(Hosts.Calls(question)), version: "2")
            .AddStub("work")
            .AddPolicy("careful", (_, _) => Verdict.Allowed));
        var run = (await harness.RunAsync("Differ").Soon()).Run;
        await harness.Orchestrator.AnswerAsync(run, new CallId(1), "yes");

        await using var other = harness.Restart(host => host.AddWorkflow("test", new FunctionDecider(Hosts.Calls(question)), version: "3"));
        var result = await other.Orchestrator.ResumeAsync(run).Soon();
        await using var same = other.Restart(host => host.AddWorkflow("test", new FunctionDecider(Hosts.Calls(question)), version: "2")
            .AddStub("work").AddStub("more").AddPolicy("careful", (_, _) => Verdict.Allowed));
        var finished = await same.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(RunStatus.Paused, result.Status);
        Assert.Contains("version 3 here and was 2", result.Summary, StringComparison.Ordinal);
        Assert.Contains("capability work/1 is missing", result.Summary, StringComparison.Ordinal);
        Assert.Contains("policy 'careful' is missing", result.Summary, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Succeeded, finished.Status);
    }

    [Fact]
    public async Task An_event_of_a_newer_version_can_be_viewed_but_not_driven()
    {
        await using var harness = Hosts.With(Hosts.Calls(Person.Call(new Person.Question("Go on?"))), _ => { });
        var run = (await harness.RunAsync("From the future").Soon()).Run;
        var claim = await harness.Journal.ClaimAsync(run, "newer host", TimeSpan.FromMinutes(1), default);
        var unknown = new RunEvent.Unknown("call.forked", 3, JsonDocument.Parse("{}").RootElement);
        await harness.Journal.AppendAsync(run, claim.Epoch, claim.Sequence, [new RunEvent.Recorded(claim.Sequence + 1, harness.Time.GetUtcNow(), unknown)], default);
        await harness.Journal.ReleaseAsync(claim, default);
        var before = (await harness.RecordAsync(run)).Events.Count;

        var failure = await Assert.ThrowsAsync<OrchestratorException>(() => harness.Orchestrator.ResumeAsync(run).Soon());

        Assert.Contains("'call.forked/3'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("call.forked", (await harness.RecordAsync(run)).ToJsonLines(), StringComparison.Ordinal);
        Assert.Equal(before, (await harness.RecordAsync(run)).Events.Count);
    }

    [Theory]
    [InlineData("repeat", 2, true)]
    [InlineData("give_up", 1, false)]
    public async Task A_worker_in_doubt_that_must_not_be_repeated_asks_a_person(string answer, int runs, bool succeeds)
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("deploy")), host => host.AddWorker("deploy", gate, worker => worker.NotRepeatable()));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Deploy"));
        _ = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();

        await using var next = harness.Restart();
        var paused = await next.Orchestrator.ResumeAsync(run).Soon();
        await next.Orchestrator.AnswerAsync(run, new CallId(1), answer);
        gate.Open();
        var result = await next.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(RunStatus.Paused, paused.Status);
        Assert.Contains("Repeat it?", paused.Summary, StringComparison.Ordinal);
        Assert.Equal(runs, gate.Runs);
        Assert.Equal(succeeds, result.Calls[0].Succeeded);
        Assert.Equal(succeeds ? null : CallResult.Failure.Codes.InDoubt, result.Calls[0].Result!.Error?.Code);
    }

    [Fact]
    public async Task A_repeat_that_was_granted_counts_once_and_a_second_crash_asks_again()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("deploy")), host => host.AddWorker("deploy", gate, worker => worker.NotRepeatable()));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Deploy"));
        _ = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await using var second = harness.Restart();
        await second.Orchestrator.ResumeAsync(run).Soon();
        await second.Orchestrator.AnswerAsync(run, new CallId(1), "repeat");
        _ = second.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();

        await using var third = second.Restart();
        var paused = await third.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(RunStatus.Paused, paused.Status);
        Assert.Equal(2, gate.Runs);
        Assert.Equal(2, (await third.RecordAsync(run)).Of<RunEvent.QuestionAsked>().Count());
    }

    [Fact]
    public async Task A_model_request_with_a_receipt_is_not_sent_again_after_a_crash()
    {
        var model = new ScriptedChatClient().Otherwise(request => $"Reply {request.Number}.");
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("ask")),
            host => host.AddModel("m", _ => model).AddStub("ask", async (context, token) =>
            {
                var reply = await context.Models.Get("m").GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, "Once")], cancellationToken: token);
                await gate.RunAsync(default, context, token);
                return Hosts.Reply($$"""{"status":"success","text":"{{reply.Text}}"}""");
            }));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Pay once"));
        _ = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();

        await using var next = harness.Restart();
        var driving = next.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        gate.Open();
        var result = await driving.Soon();

        var record = await next.RecordAsync(run);
        Assert.Single(model.Requests);
        Assert.Equal("Reply 1.", record.Read(result.Calls[0].Result!.Output).GetProperty("text").GetString());
        Assert.Single(record.Of<RunEvent.AttemptEnded>());
    }

    /// <summary>Keeps a host from renewing its claim, and from hearing that it is lost, until it is let.</summary>
    private sealed class DeafJournal(IRunJournal inner) : DelegatingJournal(inner)
    {
        private volatile bool _hears;

        public void Hear() => _hears = true;

        public override ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken) =>
            _hears ? base.RenewAsync(claim, lease, cancellationToken) : new(true);
    }
}
