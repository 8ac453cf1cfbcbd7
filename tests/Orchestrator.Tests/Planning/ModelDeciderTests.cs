using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests;

/// <summary>A model in charge, through the real engine.</summary>
public sealed class ModelDeciderTests
{
    private const string Plan = """
        {"action":"replan","plan":{"steps":[
          {"id":"s1","kind":"edit","description":"Change it","capability":"change","payload":{"text":"one"}},
          {"id":"s2","kind":"check","description":"Check it","capability":"check","depends_on":["s1"],"payload":{"text":"two"}}]}}
        """;

    private const string Finish = """{"action":"finish","summary":"Changed and checked.","artifacts":[]}""";

    private sealed record Piece(string Text);

    private sealed record Done(WorkerClaim Status, string Notes);

    [Fact]
    public async Task A_run_goes_from_plan_to_calls_to_another_plan_to_its_end()
    {
        const string again = """
            {"action":"replan","plan":{"steps":[
              {"id":"s1","kind":"edit","description":"Change it","capability":"change","payload":{"text":"one"}},
              {"id":"s3","kind":"check","description":"Check it gently","capability":"check","depends_on":["s1"],"payload":{"text":"gently"}}]}}
            """;
        var model = new ScriptedChatClient().On("decider", Plan, again, """{"action":"call_worker","worker_id":"check","payload":{"text":"last"}}""", Finish);

        var (result, record) = await RunAsync(model);

        Assert.Equal((RunStatus.Succeeded, "Changed and checked."), (result.Status, result.Summary));
        Assert.Equal(["change one", "check two", "check gently", "check last"], Worked(record));
        Assert.Equal([true, false, true, true], result.Calls.Select(call => call.Succeeded));
        Assert.DoesNotContain(record.Events, each => each.Event is RunEvent.DecisionRejected);
        var second = model.Requests[1].LastText;
        Assert.Contains("- s2 [failed as c2] check/check after s1: Check it", second, StringComparison.Ordinal);
        Assert.Contains("worker_failed: Too rough.", second, StringComparison.Ordinal);
        Assert.All(model.Requests, request => Assert.Equal(("decider", 1), (request.Role, request.Version)));
    }

    [Theory]
    [InlineData("I think we should begin by looking at the code.", "there is no JSON")]
    [InlineData("""{"action":"ponder"}""", "use one of call_worker, continue, replan, finish")]
    [InlineData("""{"action":"replan"}""", "$.plan: is missing")]
    [InlineData("""{"action":"finish","artifacts":[]}""", "$.summary: is missing")]
    [InlineData("""{"action":"call_worker","worker_id":"change","payload":"do it"}""", "$.payload: takes an object")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"kind":"edit","description":"x"},{"id":"b","kind":"edit"}]}}""", "$.plan.steps[1].description: is missing")]
    public async Task An_answer_that_is_no_decision_is_asked_for_once_more_with_what_is_wrong(string answer, string complaint)
    {
        var model = new ScriptedChatClient().On("decider", answer, Finish);

        var (result, record) = await RunAsync(model);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.DoesNotContain(record.Events, each => each.Event is RunEvent.DecisionRejected);
        var repair = model.Requests[1];
        Assert.Equal(answer, repair.Messages[^2].Text);
        Assert.True(repair.LastText.Contains(complaint, StringComparison.Ordinal) || complaint == "there is no JSON", repair.LastText);
    }

    [Fact]
    public async Task An_answer_that_stays_none_is_recorded_as_rejected_and_counts_as_a_step()
    {
        var model = new ScriptedChatClient().On("decider", """{"action":"ponder"}""", """{"action":"brood"}""", Finish);

        var (result, record) = await RunAsync(model);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        var rejected = Assert.Single(record.Events.Select(each => each.Event).OfType<RunEvent.DecisionRejected>());
        Assert.Contains("\"brood\"", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal("""{"action":"brood"}""", record.Read(rejected.Answer).GetString());
        Assert.Contains("# Your last answer was rejected", model.Requests[2].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_never_decides_ends_at_the_limit_of_steps()
    {
        var model = new ScriptedChatClient().On("decider", _ => "Hm.");

        var (result, record) = await RunAsync(model, new Budget { Steps = 3 });

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Equal(3, record.Events.Count(each => each.Event is RunEvent.DecisionRejected));
        Assert.Equal(6, model.Requests.Count);
    }

    [Theory]
    [InlineData("""{"action":"call_worker","worker_id":"magic","payload":{}}""", "Nobody provides 'magic'; there are change, check, person, verify.")]
    [InlineData("""{"action":"continue"}""", "There is nothing to continue")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"a","kind":"change","description":"A","depends_on":["b"]},{"id":"b","kind":"change","description":"B","depends_on":["a"]}]}}""", "Steps wait for each other in a circle")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"a","kind":"magic","description":"A"}]}}""", "Step 'a' needs 'magic', which nobody provides")]
    public async Task A_decision_that_cannot_be_carried_out_is_rejected_with_reasons_and_corrected(string answer, string reason)
    {
        var model = new ScriptedChatClient().On("decider", answer, Finish);

        var (result, record) = await RunAsync(model);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Contains(reason, Assert.Single(record.Events.Select(each => each.Event).OfType<RunEvent.DecisionRejected>()).Reason, StringComparison.Ordinal);
        Assert.Contains(reason, model.Requests[1].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_a_reason_and_no_decision()
    {
        var model = new ScriptedChatClient().On("decider", new ScriptedReply { FinishReason = ChatFinishReason.ContentFilter }, new ScriptedReply { FinishReason = ChatFinishReason.ContentFilter }, Finish);

        var (_, record) = await RunAsync(model);

        Assert.Contains("withheld the reply", Assert.Single(record.Events.Select(each => each.Event).OfType<RunEvent.DecisionRejected>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_told_what_it_can_call()
    {
        var model = new ScriptedChatClient().On("decider", Finish);

        await RunAsync(model);

        var prompt = model.Requests[0].Messages[0];
        Assert.Equal(ChatRole.System, prompt.Role);
        Assert.Contains("- change: Changes the text.\n  payload: {\"type\":\"object\",\"properties\":{\"text\":", prompt.Text, StringComparison.Ordinal);
        Assert.Contains("- verify: Runs the repository's tests", prompt.Text, StringComparison.Ordinal);
        Assert.Contains("- person: Asks a person", prompt.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_at_any_append_pays_for_no_reply_twice()
    {
        var whole = new ScriptedChatClient().On("decider", Answers);
        var counting = CrashingJournal.Counting(new InMemoryRunJournal());
        await RunAsync(whole, journal: counting);
        var appends = counting.Appends;

        for (var at = 2; at <= appends; at++)
        {
            foreach (var isAfter in new[] { false, true })
            {
                var model = new ScriptedChatClient().On("decider", Answers);
                var time = new ManualTimeProvider();
                var disk = new InMemoryRunJournal(time);
                var crashing = isAfter ? CrashingJournal.AfterAppend(disk, at) : CrashingJournal.BeforeAppend(disk, at);
                RunId run;
                await using (var first = Host(model, crashing, time))
                {
                    var orchestrator = first.GetRequiredService<IOrchestrator>();
                    run = await orchestrator.StartAsync(new TaskRequest("Change it"));
                    await Assert.ThrowsAnyAsync<Exception>(() => orchestrator.ResumeAsync(run).WaitAsync(TimeSpan.FromSeconds(20)));
                }

                time.Advance(TimeSpan.FromMinutes(5));
                await using var second = Host(model, disk, time);
                var result = await second.GetRequiredService<IOrchestrator>().ResumeAsync(run).WaitAsync(TimeSpan.FromSeconds(20));

                Assert.True(result.Status == RunStatus.Succeeded, $"Crash {(isAfter ? "after" : "before")} append {at}: {result.Status}, {result.Summary}");

                // A reply that was never recorded is the one thing that has to be asked for again.
                var receipts = (await second.GetRequiredService<IOrchestrator>().ReadAsync(run)).Events.Count(each => each.Event is RunEvent.AttemptEnded);
                Assert.True(receipts == whole.Requests.Count, $"Crash {(isAfter ? "after" : "before")} append {at}: {receipts} recorded replies instead of {whole.Requests.Count}.");
                Assert.InRange(model.Requests.Count, whole.Requests.Count, whole.Requests.Count + 1);
            }
        }
    }

    [Fact]
    public async Task A_model_that_failed_is_asked_anew_once_somebody_resumes()
    {
        var model = new ScriptedChatClient().On("decider", ScriptedReply.Fails(new InvalidOperationException("The key is wrong.")), Finish);
        await using var provider = Host(model, new InMemoryRunJournal());
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var run = await orchestrator.StartAsync(new TaskRequest("Change it"));
        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => orchestrator.ResumeAsync(run).WaitAsync(TimeSpan.FromSeconds(20)));

        var result = await orchestrator.ResumeAsync(run).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("The key is wrong.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Succeeded, result.Status);
    }

    [Fact]
    public async Task A_workflow_whose_model_is_missing_is_a_mistake_in_the_wiring()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator().AddModelWorkflow("open", "strong");
        await using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<OrchestratorException>(provider.GetRequiredService<IOrchestrator>);

        Assert.Contains("Workflow 'open' is decided by the model 'strong', which is not registered", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decision.call_worker.v1.json")]
    [InlineData("decision.calls.v1.json")]
    [InlineData("decision.continue.v1.json")]
    [InlineData("decision.finish.v1.json")]
    [InlineData("decision.replan.v1.json")]
    public void Every_sample_of_a_decision_reads_the_same_from_a_model_and_from_a_journal(string sample)
    {
        using var stream = typeof(ModelDeciderTests).Assembly.GetManifestResourceStream(sample)!;
        var json = new StreamReader(stream).ReadToEnd();

        var (reading, _) = ReplyReader.Read(json, ContractJsonContext.Default.DecisionReply);

        Assert.Empty(reading.Violations);
        Assert.Equal(System.Text.Json.JsonSerializer.Deserialize(json, CoreJsonContext.Default.Decision)!.Fingerprint(), reading.Value!.ToDecision().Fingerprint());
    }

    /// <summary>Answers by what it is shown, as a model does, so that a question that is put twice is answered alike.</summary>
    private static ScriptedReply Answers(ScriptedRequest request) =>
        !request.Text.Contains("# Calls", StringComparison.Ordinal) ? Plan
        : !request.LastText.Contains("no decision that can be carried out", StringComparison.Ordinal) && !request.LastText.Contains("c3 check", StringComparison.Ordinal) ? "Let me see."
        : request.LastText.Contains("c3 check: succeeded", StringComparison.Ordinal) ? Finish
        : """{"action":"call_worker","worker_id":"check","payload":{"text":"gently"}}""";

    private static IEnumerable<string> Worked(RunRecord record) =>
        record.State.Calls.Select(call => $"{call.Call.Capability} {record.Read(call.Call.Input).GetProperty("text").GetString()}");

    private static async Task<(RunResult Result, RunRecord Record)> RunAsync(ScriptedChatClient model, Budget? budget = null, IRunJournal? journal = null)
    {
        await using var provider = Host(model, journal ?? new InMemoryRunJournal());
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var result = await orchestrator.RunAsync(new TaskRequest("Change it") { Budget = budget ?? new() }).WaitAsync(TimeSpan.FromSeconds(20));
        return (result, await orchestrator.ReadAsync(result.Run));
    }

    private static ServiceProvider Host(ScriptedChatClient model, IRunJournal journal, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddOrchestrator()
            .AddModel("strong", _ => model)
            .AddModelWorkflow("open", "strong")
            .AddWorker<Piece, Done>("change", (piece, _) => Task.FromResult(new Done(WorkerClaim.Success, piece.Text)), worker => worker.WithDescription("Changes the text."))
            .AddWorker<Piece, Done>("check", (piece, _) => Task.FromResult(piece.Text == "two" ? new Done(WorkerClaim.Failed, "Too rough.") : new Done(WorkerClaim.Success, piece.Text)))
            .UseJournal(_ => journal);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
