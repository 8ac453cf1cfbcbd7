using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class PersonTests
{
    private static readonly CallId First = new(1);

    [Fact]
    public async Task A_question_pauses_the_run_and_an_answer_from_another_host_lets_it_go_on()
    {
        await using var harness = Asking(new Person.Question("Which one?") { Options = ["left", "right"] });
        await using var other = harness.Beside();
        var paused = await harness.RunAsync("Ask").Soon();

        await other.Orchestrator.AnswerAsync(paused.Run, First, "left", by: "World");
        var result = await harness.Orchestrator.ResumeAsync(paused.Run).Soon();

        var record = await harness.RecordAsync(paused.Run);
        Assert.Equal(RunStatus.Paused, paused.Status);
        Assert.Contains("c1: Which one?", paused.Summary, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        var output = record.Read(result.Calls[0].Result!.Output);
        Assert.Equal("left", output.GetProperty("answer").GetString());
        Assert.Equal("World", output.GetProperty("by").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_can_be_read_as_a_record_by_the_workflow_and_by_the_host(bool isSealed)
    {
        Person.Output? seen = null;
        var journal = new InMemoryRunJournal(TimeProvider.System);
        await using var harness = new OrchestratorHarness(
            host =>
            {
                if (isSealed)
                {
                    host.Services.AddSingleton<IPayloadProtector, Backwards>();
                }

                host.AddWorkflow("test", new ReadingDecider(async (state, context, token) =>
                {
                    if (state.Calls.Count == 0)
                    {
                        return new Decision.CallWorker([Person.Contract.Call(new Person.Question("Left or right?"))]);
                    }

                    seen = await Person.Contract.OutputAsync(context, state.Calls[0], token);
                    return new Decision.Finish("Done.");
                }));
            },
            journal: journal);
        var run = (await harness.RunAsync("Ask").Soon()).Run;

        await harness.Orchestrator.AnswerAsync(run, new CallId(1), "left", "somebody");
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        var record = await harness.RecordAsync(run);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(new Person.Output(WorkerClaim.Success, "left", "somebody"), seen);
        Assert.Equal(seen, Person.Contract.Output(record, result.Calls[0]));
        Assert.Null(Person.Contract.Output(record, null));
    }

    [Fact]
    public async Task Wrong_answers_are_refused_and_change_nothing()
    {
        await using var harness = Asking(new Person.Question("Which one?") { Options = ["left", "right"] });
        var run = (await harness.RunAsync("Ask").Soon()).Run;
        var before = (await harness.RecordAsync(run)).Events.Count;

        var option = await Assert.ThrowsAsync<OrchestratorException>(() => harness.Orchestrator.AnswerAsync(run, First, "up").AsTask());
        var call = await Assert.ThrowsAsync<OrchestratorException>(() => harness.Orchestrator.AnswerAsync(run, new CallId(7), "left").AsTask());
        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.AnswerAsync(new RunId(Guid.Empty), First, "left").AsTask());

        Assert.Contains("choose one of left, right", option.Message, StringComparison.Ordinal);
        Assert.Contains("asking: c1", call.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await harness.RecordAsync(run)).Events.Count);
        Assert.Empty(await harness.Journal.ReadMailboxAsync(run, 0, default));
    }

    [Fact]
    public async Task Of_two_answers_the_first_counts_and_the_second_is_refused_on_record()
    {
        await using var harness = Asking(new Person.Question("Which one?"));
        var run = (await harness.RunAsync("Ask").Soon()).Run;

        await harness.Orchestrator.AnswerAsync(run, First, "left");
        await harness.Orchestrator.AnswerAsync(run, First, "right");
        await harness.Orchestrator.ResumeAsync(run).Soon();

        var record = await harness.RecordAsync(run);
        Assert.Equal("left", Assert.Single(record.Of<RunEvent.QuestionAnswered>()).Answer);
        Assert.Equal(2, Assert.Single(record.Of<RunEvent.CommandRefused>()).Mail);
    }

    [Fact]
    public async Task At_its_deadline_a_question_answers_itself()
    {
        await using var harness = Asking(new Person.Question("Go on?") { Options = ["yes", "no"], Default = "no", Deadline = At(TimeSpan.FromHours(1)) });
        var run = (await harness.RunAsync("Ask").Soon()).Run;

        harness.Time.Advance(TimeSpan.FromHours(1));
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        var answered = Assert.Single((await harness.RecordAsync(run)).Of<RunEvent.QuestionAnswered>());
        Assert.Equal(("no", 0L), (answered.Answer, answered.Mail));
    }

    [Fact]
    public async Task At_its_deadline_a_question_without_a_default_fails()
    {
        await using var harness = Asking(new Person.Question("Go on?") { Deadline = At(TimeSpan.FromHours(1)) });
        var run = (await harness.RunAsync("Ask").Soon()).Run;

        harness.Time.Advance(TimeSpan.FromHours(2));
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Equal(CallResult.Failure.Codes.TimedOut, result.Calls[0].Result!.Error!.Code);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_other_calls_run_is_seen()
    {
        var gate = new GatedWorker();
        await using var harness = Hosts.With(
            Hosts.Calls(Person.Call(new Person.Question("Go on?") { Default = "yes", Deadline = At(TimeSpan.FromMinutes(1)) }), Hosts.Call("slow")),
            host => host.AddWorker("slow", gate));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Ask beside"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await gate.BegunAsync();
        await harness.WaitForAsync<RunEvent.QuestionAsked>(run);
        var answered = harness.WaitForAsync<RunEvent.QuestionAnswered>(run);
        await harness.PassTimeAsync(answered, TimeSpan.FromSeconds(5));
        gate.Open();
        await driving.Soon();

        Assert.Equal("yes", (await answered).Answer);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("\"What?\"")]
    public async Task A_question_that_asks_nothing_fails_as_a_call(string input)
    {
        await using var harness = Hosts.With(
            Hosts.Calls(WorkerCall.To("person", System.Text.Json.JsonDocument.Parse(input).RootElement)),
            _ => { });

        var result = await harness.RunAsync("Ask badly").Soon();

        Assert.Equal(CallResult.Failure.Codes.InvalidInput, result.Calls[0].Result!.Error!.Code);
    }

    [Fact]
    public async Task An_answer_that_comes_just_before_the_run_would_pause_is_taken()
    {
        AnsweringJournal? journal = null;
        await using var harness = new OrchestratorHarness(
            host => host.AddWorkflow("test", Hosts.Calls(Person.Call(new Person.Question("Go on?")))),
            through: inner => journal = new AnsweringJournal(inner));

        var result = await harness.RunAsync("Ask").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.DoesNotContain((await harness.RecordAsync(result.Run)).Events, recorded => recorded.Event is RunEvent.Paused);
        Assert.True(journal!.HasAnswered);
    }

    private static OrchestratorHarness Asking(Person.Question question) => Hosts.With(Hosts.Calls(Person.Call(question)), _ => { });

    private static DateTimeOffset At(TimeSpan after) => new ManualTimeProvider().GetUtcNow() + after;

    private sealed class ReadingDecider(Func<TaskState, DeciderContext, CancellationToken, ValueTask<Decision>> decide) : IDecider
    {
        public ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken) => decide(state, context, cancellationToken);
    }
}
