using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>Bad input gets a clear error and loses nothing.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    public async Task An_empty_goal(string goal)
    {
        await using var harness = Simple();

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync(goal));

        Assert.Contains("The goal is empty", rejected.Message, StringComparison.Ordinal);
        Assert.Empty(await harness.Journal.ListAsync(new RunSummary.Query(), default).ToListAsync());
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_task_is_said_at_once()
    {
        await using var harness = Simple();

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync(new TaskRequest("")
        {
            Workflow = "nonsense",
            Scope = new TaskRequest.RepoScope { Paths = ["../outside/**"] },
            Budget = new Budget { Steps = 0 },
        }));

        Assert.Contains("The goal is empty", rejected.Message, StringComparison.Ordinal);
        Assert.Contains("There is no workflow 'nonsense'; registered: test", rejected.Message, StringComparison.Ordinal);
        Assert.Contains("'../outside/**' is not a glob", rejected.Message, StringComparison.Ordinal);
        Assert.Contains("not above zero", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_repository()
    {
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), host => host.UseWorkspace(_ => new StrictProvider()));

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync(new TaskRequest("Go") { Scope = new TaskRequest.RepoScope { Repo = "nowhere" } }));

        Assert.Contains("There is no repository 'nowhere'", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_workflow_named_where_there_are_several()
    {
        await using var harness = Hosts.With(_ => new Decision.Finish("Done."), host => host.AddWorkflow("other", _ => new Decision.Finish("Done.")));

        var rejected = await Assert.ThrowsAsync<TaskRejectedException>(() => harness.RunAsync("Go"));

        Assert.Contains("set Workflow to one of test, other", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_does_not_exist()
    {
        await using var harness = Simple();
        var run = new RunId(Guid.Empty);

        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.ResumeAsync(run));
        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.CancelAsync(run).AsTask());
        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.ReadAsync(run).AsTask());
        await Assert.ThrowsAsync<RunNotFoundException>(() => harness.Orchestrator.RaiseBudgetAsync(run, new Budget { Steps = 1 }).AsTask());
    }

    [Fact]
    public async Task A_worker_that_throws()
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("throws"), Hosts.Call("good")),
            host => host.AddStub("throws", (_, _) => throw new InvalidOperationException("a mistake in the worker")).AddStub("good"));

        var result = await harness.RunAsync("Throw").Soon();

        Assert.Equal((CallResult.Failure.Codes.WorkerFailed, "InvalidOperationException: a mistake in the worker"), (result.Calls[0].Result!.Error!.Code, result.Calls[0].Result!.Error!.Message));
        Assert.True(result.Calls[1].Succeeded);
    }

    [Fact]
    public async Task A_worker_that_gives_up_by_itself()
    {
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("cancels")), host => host.AddStub("cancels", (_, _) => throw new OperationCanceledException("I would rather not.")));

        var result = await harness.RunAsync("Cancel").Soon();

        Assert.Equal(CallResult.Failure.Codes.WorkerFailed, result.Calls[0].Result!.Error!.Code);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("no output")]
    public async Task A_worker_that_returns_nothing(string what)
    {
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("empty")),
            host => host.AddStub("empty", (_, _) => what == "null" ? null! : Task.FromResult(default(JsonElement))));

        var result = await harness.RunAsync("Nothing").Soon();

        Assert.Equal(CallResult.Failure.Codes.InvalidReply, result.Calls[0].Result!.Error!.Code);
    }

    [Theory]
    [InlineData("this is no patch")]
    [InlineData("--- a/app/a.cs\n+++ b/app/a.cs\n@@ -1 +1 @@\n-not there\n+b\n")]
    [InlineData("--- a/app/gone.cs\n+++ b/app/gone.cs\n@@ -1 +1 @@\n-a\n+b\n")]
    [InlineData("--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -0,0 +1 @@\n+b\n")]
    public async Task A_worker_that_returns_a_patch_that_cannot_be_applied(string patch)
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["app/a.cs"] = "a\n" });
        await using var harness = Hosts.With(
            Hosts.Calls(Hosts.Call("edit")),
            host => host.UseWorkspace(_ => workspace).AddStub("edit", System.Text.Json.JsonSerializer.Serialize(new { status = "success", patch })));

        var result = await harness.RunAsync("Patch").Soon();

        Assert.Equal(CallResult.Failure.Codes.PatchRejected, result.Calls[0].Result!.Error!.Code);
        Assert.NotEmpty(result.Calls[0].Result!.Error!.Message);
        Assert.Empty(result.Diff);
        Assert.False(result.Calls[0].Result!.Output.IsNone);
    }

    public static TheoryData<string> BadReplies => ["prose", "half a JSON", "an unknown action", "nothing", "5 MB"];

    [Theory]
    [MemberData(nameof(BadReplies))]
    public async Task A_model_that_answers_badly_ends_degraded_with_its_text_kept_and_the_run_goes_on(string what)
    {
        var text = what switch
        {
            "prose" => "I have looked at it and I think that it is fine.",
            "half a JSON" => """{"status":"success","likely_files":[{"path":"a.cs""",
            "an unknown action" => """{"action":"launch","target":"moon"}""",
            "nothing" => "",
            _ => new string('x', 5_000_000),
        };
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply(text) { PieceLength = 100_000 });
        await using var harness = Hosts.With(
            Hosts.Calls(Analysis.Contract.Call(new Analysis.Input("It crashes."))),
            host => host.AddModel("m", _ => model).AddCodingWorkers("m"));

        var result = await harness.RunAsync("Ask a bad model").Soon();

        var call = result.Calls[0].Result!;
        var record = await harness.RecordAsync(result.Run);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(text.Length == 0 ? CallResult.ReplyValidity.Failed : CallResult.ReplyValidity.Degraded, call.Validity);
        Assert.Equal(CallResult.Failure.Codes.InvalidReply, call.Error!.Code);
        Assert.Equal(text, record.Read(call.Output).GetProperty("raw_text").GetString());
        Assert.Equal(2, model.Requests.Count);
        Assert.Equal(2, record.Of<RunEvent.AttemptEnded>().Count());
    }

    [Fact]
    public async Task A_model_that_cannot_be_reached()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new HttpRequestException("No route to host.")));
        await using var harness = Hosts.With(
            Hosts.Calls(Analysis.Contract.Call(new Analysis.Input("It crashes."))),
            host => host.AddModel("m", _ => model, options: new ModelOptions { MaxRetries = 0 }).AddCodingWorkers("m"));

        var result = await harness.RunAsync("Ask nobody").Soon();

        Assert.Equal(CallResult.Failure.Codes.ModelFailed, result.Calls[0].Result!.Error!.Code);
        Assert.Contains("No route to host", result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_verification_that_never_ends(bool ignoresCancellation)
    {
        var begun = new TaskCompletionSource();
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["a.txt"] = "a" }, async (request, _, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, ignoresCancellation ? default : token);
            return new TestReport(request.At.Tree, TestReport.Result.Passed);
        });
        await using var harness = Hosts.With(Hosts.Calls(Verify.Call()), host => host.UseWorkspace(_ => workspace), options => options.MaxCallTime = TimeSpan.FromMinutes(2));

        var driving = harness.RunAsync("Verify for ever");
        await begun.Task.Soon();
        harness.Time.Advance(TimeSpan.FromMinutes(2));
        var result = await driving.Soon();

        Assert.Equal(CallResult.Failure.Codes.TimedOut, result.Calls[0].Result!.Error!.Code);
        Assert.Null(result.TestsAfter);
    }

    [Fact]
    public async Task A_verification_that_is_missing()
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["a.txt"] = "a" });
        await using var harness = Hosts.With(
            state => state.LastRejection.Length > 0 ? new Decision.Finish(state.LastRejection) { Status = RunStatus.Partial } : new Decision.Finish("Done."),
            host => host.UseWorkspace(_ => workspace).AddPolicy(Policies.RequireGreenTests()));

        var result = await harness.RunAsync("Verify nothing").Soon();

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Contains("could not be run", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("blob")]
    [InlineData("mailbox")]
    public async Task A_full_disk_while_the_journal_is_written(string what)
    {
        var disk = new FullDisk(what);
        var large = $$"""{"status":"success","text":"{{new string('x', 10_000)}}"}""";
        await using var harness = new OrchestratorHarness(
            host => host.AddWorkflow("test", Hosts.Planned(Hosts.Step("a", "work"), Hosts.Step("b", "work", "a"), Hosts.Step("c", "work", "b"))).AddStub("work", large),
            through: disk.Before);
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Fill the disk"));

        disk.FillAfter(what == "mailbox" ? 0 : 2);
        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => harness.PassTimeAsync(harness.Orchestrator.ResumeAsync(run)));
        disk.Empty();
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        var result = await harness.Orchestrator.ResumeAsync(run).Soon();

        Assert.Contains("its journal failed: No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(failure.InnerException);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.All(result.Calls, call => Assert.True(call.Succeeded));
        Assert.Equal(3, (await harness.RecordAsync(run)).Of<RunEvent.CallEnded>().Count());
    }

    private static OrchestratorHarness Simple() => Hosts.With(_ => new Decision.Finish("Done."), _ => { });

    /// <summary>Knows one repository.</summary>
    private sealed class StrictProvider : IWorkspaceProvider
    {
        public ValueTask<string?> FindProblemAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken) =>
            ValueTask.FromResult(scope.Repo == "here" ? null : $"There is no repository '{scope.Repo}'; registered: here.");

        public ValueTask<IWorkspace> OpenAsync(TaskRequest.RepoScope scope, RunId run, IWorkspace.Revision? @base, long epoch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>A disk that is full after so many writes of one kind, until it is emptied.</summary>
    private sealed class FullDisk(string what)
    {
        private int _left = int.MaxValue;

        public void FillAfter(int writes) => Volatile.Write(ref _left, writes);

        public void Empty() => Volatile.Write(ref _left, int.MaxValue);

        public IRunJournal Before(IRunJournal inner) => new Journal(inner, this);

        private void Write(string kind)
        {
            if (kind == what && Interlocked.Decrement(ref _left) < 0)
            {
                throw new IOException("No space left on device.");
            }
        }

        private sealed class Journal(IRunJournal inner, FullDisk disk) : DelegatingJournal(inner)
        {
            public override ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
            {
                disk.Write("append");
                return base.AppendAsync(run, epoch, expectedSequence, events, cancellationToken);
            }

            public override ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
            {
                disk.Write("blob");
                return base.PutBlobAsync(run, hash, content, cancellationToken);
            }

            public override ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken)
            {
                disk.Write("mailbox");
                return base.ReadMailboxAsync(run, afterNumber, cancellationToken);
            }
        }
    }
}
