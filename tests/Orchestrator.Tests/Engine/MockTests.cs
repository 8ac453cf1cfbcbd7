using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>Every public seam can be mocked, and the mock put to use.</summary>
public sealed class MockTests
{
    public sealed record Question(string Text);

    public sealed record Answer(string Text);

    [Fact]
    public async Task The_front_door()
    {
        var orchestrator = Substitute.For<IOrchestrator>();
        var run = new RunId(Guid.Empty);
        orchestrator.RunAsync(Arg.Any<TaskRequest>(), Arg.Any<CancellationToken>()).Returns(new RunResult(run, RunStatus.Succeeded, "Mocked."));

        Assert.Equal("Mocked.", (await orchestrator.RunAsync(new TaskRequest("Go"))).Summary);
    }

    [Fact]
    public async Task A_worker_of_JSON()
    {
        var worker = Substitute.For<IWorker>();
        worker.RunAsync(Arg.Any<JsonElement>(), Arg.Any<WorkerContext>(), Arg.Any<CancellationToken>()).Returns(Hosts.Reply());
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), host => host.AddWorker("work", worker));

        var result = await harness.RunAsync("Mock").Soon();

        Assert.True(result.Calls[0].Succeeded);
        await worker.Received(1).RunAsync(Arg.Any<JsonElement>(), Arg.Is<WorkerContext>(context => context.Run == result.Run), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_typed_worker_and_its_binder()
    {
        var worker = Substitute.For<IWorker<Question, Answer>>();
        worker.RunAsync(Arg.Any<Question>(), Arg.Any<WorkerContext>(), Arg.Any<CancellationToken>()).Returns(call => new Answer(call.Arg<Question>().Text + " Yes."));
        var binder = Substitute.For<IInputBinder<Question>>();
        binder.BindAsync(Arg.Any<JsonElement>(), Arg.Any<IFileReader>(), Arg.Any<CancellationToken>()).Returns(new Question("Bound?"));
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("ask")), host =>
        {
            host.Services.AddSingleton(binder);
            host.AddWorker(new WorkerContract<Question, Answer>("ask", 1), _ => worker);
        });

        var result = await harness.RunAsync("Mock").Soon();

        Assert.Equal("Bound? Yes.", (await harness.RecordAsync(result.Run)).Read(result.Calls[0].Result!.Output).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_policy()
    {
        var policy = Substitute.For<IPolicy>();
        policy.Id.Returns("mocked");
        policy.JudgeAsync(Arg.Any<IPolicy.Subject>(), Arg.Any<TaskState>(), Arg.Any<PolicyContext>(), Arg.Any<CancellationToken>()).Returns(Verdict.Allowed);
        policy.JudgeAsync(Arg.Any<IPolicy.Subject.OfCall>(), Arg.Any<TaskState>(), Arg.Any<PolicyContext>(), Arg.Any<CancellationToken>()).Returns(new Verdict.Deny("No calls."));
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("work")), host => host.AddStub("work").AddPolicy(policy));

        var result = await harness.RunAsync("Mock").Soon();

        Assert.Equal("mocked: No calls.", result.Calls[0].Result!.Error!.Message);
    }

    [Fact]
    public async Task A_workflow()
    {
        var decider = Substitute.For<IDecider>();
        decider.DecideAsync(Arg.Any<TaskState>(), Arg.Any<DeciderContext>(), Arg.Any<CancellationToken>())
            .Returns(new Decision.CallWorker([Hosts.Call("work")]), new Decision.Finish("Mocked."));
        await using var harness = new OrchestratorHarness(host => host.AddWorkflow("test", decider).AddStub("work"));

        Assert.Equal("Mocked.", (await harness.RunAsync("Mock").Soon()).Summary);
    }

    [Fact]
    public async Task A_journal()
    {
        var journal = Substitute.For<IRunJournal>();
        journal.GetBlobAsync(Arg.Any<RunId>(), "hash", Arg.Any<CancellationToken>()).Returns(new ReadOnlyMemory<byte>([1, 2, 3]));
        journal.ReadAsync(Arg.Any<RunId>(), Arg.Any<long>(), Arg.Any<CancellationToken>()).Returns(AsyncEnumerable.Empty<RunEvent.Recorded>());
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), _ => { }, journal: journal);

        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Mock"));

        await journal.Received(1).AppendAsync(run, 0, 0, Arg.Is<IReadOnlyList<RunEvent.Recorded>>(events => events.Count == 1), Arg.Any<CancellationToken>());
        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.ResumeAsync(run));
        Assert.Equal(3, (await journal.GetBlobAsync(run, "hash", default))!.Value.Length);
    }

    [Fact]
    public async Task A_workspace_and_its_provider()
    {
        var revision = new IWorkspace.Revision("c0ffee", "tree", "change");
        var workspace = Substitute.For<IWorkspace>();
        workspace.Base.Returns(revision);
        workspace.Branch.Returns("mocked");
        workspace.Notes.Returns([]);
        workspace.VerifyAsync(Arg.Any<IWorkspace.Verification>(), Arg.Any<CancellationToken>())
            .Returns(new TestReport("tree", TestReport.Result.Passed) { Cases = [new("T", TestReport.CaseResult.Passed)] });
        var provider = Substitute.For<IWorkspaceProvider>();
        provider.OpenAsync(default!, default, default, default, default).ReturnsForAnyArgs(workspace);
        await using var harness = Hosts.With(Hosts.Calls(Verify.Call()), host => host.UseWorkspace(_ => provider));

        var result = await harness.RunAsync("Mock").Soon();

        Assert.True(result.TestsAfter!.Green);
        Assert.Equal("mocked", result.Branch);
        await workspace.Received(1).DisposeAsync();
    }

    [Fact]
    public async Task The_models_of_a_worker()
    {
        var client = Substitute.For<IChatClient>();
        client.GetResponseAsync(default!, default, default).ReturnsForAnyArgs(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Mocked.")));
        var models = Substitute.For<IModels>();
        models.Get("m").Returns(client);
        var worker = new StubWorker(async (_, context, token) =>
        {
            var reply = await context.Models.Get("m").GetResponseAsync([new(ChatRole.User, "Hello?")], cancellationToken: token);
            return Hosts.Reply($$"""{"text":"{{reply.Text}}"}""");
        });

        var reply = await worker.RunAsync(Hosts.Nothing, new WorkerContext { Models = models }, default);

        Assert.Equal("Mocked.", reply.GetProperty("text").GetString());
    }
}
