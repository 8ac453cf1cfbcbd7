using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Docs.Tests.Examples;

/// <summary>What docs/testing.md shows, as tests that run.</summary>
public sealed class Testing
{
    public sealed record Note(string Text);

    public sealed record Line(string Text);

    // <snippet:testing-harness>
    [Fact]
    public async Task Every_note_becomes_a_line()
    {
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("notes", state => state.Calls.Count == 0
                ? new Decision.CallWorker([WorkerCall.To("shorten", new Note("Drafts are saved")), WorkerCall.To("shorten", new Note("Titles may be empty"))])
                : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."))
            .AddWorker<Note, Line>("shorten", (note, _) => Task.FromResult(new Line($"* {note.Text}"))));

        var result = await harness.RunAsync("Write the release notes");

        var record = await harness.RecordAsync(result.Run);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal("* Drafts are saved", record.Read(result.Calls[0].Result!.Output).GetProperty("text").GetString());
    }
    // </snippet>

    // <snippet:testing-worker>
    [Fact]
    public async Task The_worker_asks_its_model_once()
    {
        var model = new ScriptedChatClient().Otherwise(request => $"* {request.LastText}");

        var line = await new Shortener().RunAsync(new Note("Drafts are saved"), new WorkerContext { Models = new OneModel(model) }, default);

        Assert.Equal("* Drafts are saved", line.Text);
        Assert.Single(model.Requests);
    }

    private sealed class OneModel(IChatClient client) : IModels
    {
        public IChatClient Get(string name) => client;
    }
    // </snippet>

    private sealed class Shortener : IWorker<Note, Line>
    {
        public async Task<Line> RunAsync(Note input, WorkerContext context, CancellationToken cancellationToken)
        {
            var reply = await context.Models.Get("small").GetResponseAsync([new(ChatRole.User, input.Text)], cancellationToken: cancellationToken);
            return new Line(reply.Text);
        }
    }

    // <snippet:testing-decider>
    [Fact]
    public async Task A_failed_edit_is_tried_again_and_then_given_up()
    {
        var edits = 0;
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("edit", state => state.OpenCalls.Count > 0 ? new Decision.Continue()
                : state.Calls.Count(call => call.Failed) == 2 ? new Decision.Finish("It cannot be done.") { Status = RunStatus.Failed }
                : Decision.Call("edit", new Note("Make it better")))
            .AddWorker<Note, Line>("edit", (_, _) => throw new InvalidOperationException($"failure {++edits}")));

        var result = await harness.RunAsync("Improve");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(["InvalidOperationException: failure 1", "InvalidOperationException: failure 2"], result.Calls.Select(call => call.Result!.Error!.Message));
    }
    // </snippet>

    // <snippet:testing-model>
    [Fact]
    public async Task A_model_that_answers_prose_is_asked_once_more()
    {
        var model = new ScriptedChatClient().On(
            "analysis",
            "I think it is the drafts.",
            """{"status":"success","likely_files":[{"path":"app/drafts.cs","reason":"it saves"}],"hypotheses":[],"notes":"","warnings":[]}""");
        await using var harness = new OrchestratorHarness(host => host
            .AddModel("coder", _ => model)
            .AddCodingWorkers("coder")
            .AddWorkflow("look", state => state.Calls.Count == 0
                ? new Decision.CallWorker([Analysis.Contract.Call(new Analysis.Input("Saving a draft crashes."))])
                : new Decision.Finish("Looked.")));

        var result = await harness.RunAsync("Find the cause");

        Assert.Equal(CallResult.ReplyValidity.Repaired, result.Calls[0].Result!.Validity);
        Assert.Equal(2, model.Count("analysis"));
        Assert.Contains("does not keep the contract", model.Requests[1].LastText, StringComparison.Ordinal);
    }
    // </snippet>

    // <snippet:testing-files>
    [Fact]
    public async Task The_patch_lands_and_the_tests_run_on_exactly_that_tree()
    {
        var drafts = RepoPath.Parse("app/drafts.cs");
        var files = new InMemoryWorkspaceProvider(
            new Dictionary<string, string> { [drafts.Value] = "text.Trim()\n" },
            (request, tree, _) => ValueTask.FromResult(new TestReport(request.At.Tree, TestReport.Result.Passed)
            {
                Cases = [new("Drafts.Saves_null", tree[drafts].Contains("??", StringComparison.Ordinal) ? TestReport.CaseResult.Passed : TestReport.CaseResult.Failed)],
            }));
        await using var harness = new OrchestratorHarness(host => host
            .UseWorkspace(_ => files)
            .AddPolicy(Policies.RequireGreenTests())
            .AddWorkflow("fix", state => state.Calls.Count == 0 ? Decision.Call("fix", new Note("Trim nothing")) : new Decision.Finish("Fixed."))
            .AddWorker("fix", new Fixer()));

        var result = await harness.RunAsync("Fix the crash");

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.True(result.TestsAfter!.Green);
        Assert.Contains("+(text ?? \"\").Trim()", result.Diff, StringComparison.Ordinal);
    }
    // </snippet>

    private sealed class Fixer : IWorker
    {
        public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken) => Task.FromResult(
            JsonElement.Parse("""{"status":"success","files":[{"path":"app/drafts.cs","code":"(text ?? \"\").Trim()\n"}]}"""));
    }

    // <snippet:testing-time>
    [Fact]
    public async Task A_question_answers_itself_after_a_day()
    {
        await using var harness = new OrchestratorHarness(host => host.AddWorkflow("ask", state => state.Calls.Count == 0
            ? new Decision.CallWorker([Person.Call(new Person.Question("Merge it?") { Default = "no", Deadline = state.At.AddDays(1) })])
            : new Decision.Finish("Asked.")));
        var run = (await harness.RunAsync("Ask")).Run;

        harness.Time.Advance(TimeSpan.FromDays(1));
        var result = await harness.Orchestrator.ResumeAsync(run);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal("no", (await harness.WaitForAsync<RunEvent.QuestionAnswered>(run)).Answer);
    }
    // </snippet>

    // <snippet:testing-limit>
    [Fact]
    public async Task A_worker_that_hangs_is_ended_at_its_time_limit()
    {
        var begun = new TaskCompletionSource();
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("hang", state => state.Calls.Count == 0 ? Decision.Call("hang", new Note("Hang")) : new Decision.Finish("Gave up.") { Status = RunStatus.Partial })
            .AddWorker<Note, Line>("hang", async (_, cancellationToken) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return new Line("never");
            }, worker => worker.WithTimeLimit(TimeSpan.FromMinutes(2))));

        var running = harness.RunAsync("Hang");
        await begun.Task;
        harness.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(CallResult.Failure.Codes.TimedOut, (await running).Calls[0].Result!.Error!.Code);
    }
    // </snippet>

    // <snippet:testing-crash>
    [Fact]
    public async Task Wherever_the_process_dies_the_run_ends_the_same()
    {
        for (var append = 2; ; append++)
        {
            CrashingJournal? journal = null;
            await using var harness = new OrchestratorHarness(Notes, through: inner => journal = CrashingJournal.AfterAppend(inner, append));
            var run = await harness.Orchestrator.StartAsync(new TaskRequest("Write the release notes"));
            try
            {
                await harness.Orchestrator.ResumeAsync(run);
            }
            catch (Exception) when (journal!.HasCrashed)
            {
                // What it had recorded is all that the next host knows.
            }

            await using var next = harness.Restart();
            var result = await next.Orchestrator.ResumeAsync(run);

            Assert.Equal(RunStatus.Succeeded, result.Status);
            Assert.Equal(2, result.Calls.Count(call => call.Succeeded));
            if (!journal!.HasCrashed)
            {
                return;
            }
        }
    }
    // </snippet>

    private static void Notes(OrchestratorBuilder host) => host
        .AddWorkflow("notes", state => state.Calls.Count == 0
            ? new Decision.CallWorker([WorkerCall.To("shorten", new Note("Drafts are saved")), WorkerCall.To("shorten", new Note("Titles may be empty"))])
            : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."))
        .AddWorker<Note, Line>("shorten", (note, _) => Task.FromResult(new Line($"* {note.Text}")));

    // <snippet:testing-background>
    [Fact]
    public async Task A_task_is_taken_up_in_the_background()
    {
        await using var harness = new OrchestratorHarness(host => Background(host).RunInBackground());
        await harness.StartHostAsync();

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Write the release notes"));
        var finished = await harness.WaitForAsync<RunEvent.Finished>(run);

        Assert.Equal(RunStatus.Succeeded, finished.Status);
        Assert.All(harness.Log, line => Assert.Equal(run.ToString(), line.Scope["RunId"]));
    }
    // </snippet>

    private static OrchestratorBuilder Background(OrchestratorBuilder host)
    {
        Notes(host);
        return host;
    }

    // <snippet:testing-conformance>
    public static TheoryData<string> Promises => [.. JournalConformance.Cases.Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Promises))]
    public Task Our_journal_keeps_every_promise(string name) =>
        JournalConformance.Cases.Single(promise => promise.Name == name).RunAsync(time => new(new InMemoryRunJournal(time)));
    // </snippet>
}
