using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class LandingTests
{
    private static readonly Dictionary<string, string> Files = new() { ["app/a.cs"] = "a\n", ["app/b.cs"] = "b\n", ["tests/a_tests.cs"] = "test\n" };

    [Theory]
    [InlineData("only", "only_touch(app/a.cs): The patch writes 'app/b.cs'")]
    [InlineData("never", "never_touch(**/b.cs): The patch writes 'app/b.cs'")]
    [InlineData("worker", "'edit' may write only tests/**")]
    [InlineData("task", "the task may write only docs/**")]
    public async Task A_patch_outside_what_may_be_written_is_refused_and_changes_nothing(string rule, string reason)
    {
        await using var harness = Editing(
            ["app/b.cs"],
            host => _ = rule switch
            {
                "only" => host.AddPolicy(Policies.OnlyTouch("app/a.cs")),
                "never" => host.AddPolicy(Policies.NeverTouch("**/b.cs")),
                _ => host,
            },
            worker => _ = rule == "worker" ? worker.AllowWrites("tests/**") : worker);

        var result = await harness.RunAsync(new TaskRequest("Edit") { Scope = new TaskRequest.RepoScope { Paths = rule == "task" ? ["docs/**"] : [] } }).Soon();

        Assert.Contains(reason, result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(result.Calls[0].Result!.Error!.Code, new[] { CallResult.Failure.Codes.Denied, CallResult.Failure.Codes.OutOfScope });
        Assert.Empty(result.Diff);
        Assert.False(result.Calls[0].Result!.Output.IsNone);
    }

    [Fact]
    public async Task A_patch_within_what_may_be_written_lands()
    {
        await using var harness = Editing(["app/a.cs"], host => host.AddPolicy(Policies.OnlyTouch("app/**")).AddPolicy(Policies.NeverTouch("**/*.csproj")), worker => worker.AllowWrites("app/**"));

        var result = await harness.RunAsync(new TaskRequest("Edit") { Scope = new TaskRequest.RepoScope { Paths = ["app/**"] } }).Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Contains("+app/a.cs 1", result.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_patches_made_on_one_base_to_one_file_the_second_is_stale()
    {
        var first = new GatedWorker { Json = Patch("app/a.cs", "first\n") };
        var second = new GatedWorker { Json = Patch("app/a.cs", "second\n") };
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(Hosts.Calls(Hosts.Call("first"), Hosts.Call("second")), host => host.AddWorker("first", first).AddWorker("second", second).UseWorkspace(_ => workspace));
        var run = await harness.Orchestrator.StartAsync(new TaskRequest("Collide"));

        var driving = harness.Orchestrator.ResumeAsync(run);
        await Task.WhenAll(first.BegunAsync(), second.BegunAsync());
        first.Open();
        await harness.WaitForAsync<RunEvent.CallEnded>(run);
        second.Open();
        var result = await driving.Soon();

        Assert.Equal(CallResult.Failure.Codes.PatchStale, result.Calls[1].Result!.Error!.Code);
        Assert.Contains("changed the same lines", result.Calls[1].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("+first", result.Diff, StringComparison.Ordinal);
        Assert.DoesNotContain("second", result.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patches_made_side_by_side_to_different_files_all_land()
    {
        await using var harness = Editing([.. Enumerable.Range(0, 12).Select(number => $"app/new{number}.cs")], _ => { });

        var result = await harness.RunAsync("Many").Soon();

        Assert.All(result.Calls, call => Assert.NotNull(call.Result!.Applied));
        Assert.Equal(12, result.Diff.Split('\n').Count(line => line.StartsWith("diff --git", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Green_tests_on_another_tree_do_not_let_a_run_finish()
    {
        var verified = new List<string>();
        var workspace = Tested(verified);
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.CallWorker([Verify.Call()]),
                _ => new Decision.CallWorker([Edit("app/a.cs")]),
                _ => new Decision.Finish("Done.")),
            host => AddEdit(host).UseWorkspace(_ => workspace).AddPolicy(Policies.RequireGreenTests()));

        var result = await harness.RunAsync("Verify first").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(2, verified.Distinct().Count());
        Assert.Equal(result.TestsAfter!.Tree, (await harness.RecordAsync(result.Run)).State.Head!.Tree);
    }

    [Fact]
    public async Task Red_tests_on_the_tree_that_would_be_handed_over_keep_a_run_from_succeeding()
    {
        var workspace = new InMemoryWorkspaceProvider(Files, (request, files, _) => ValueTask.FromResult(
            files[RepoPath.Parse("app/a.cs", null)] == "a\n" ? Report(request, TestReport.CaseResult.Passed) : Report(request, TestReport.CaseResult.Failed)));
        await using var harness = Hosts.With(
            state => state.Calls.Count == 0 ? new Decision.CallWorker([Edit("app/a.cs")])
                : state.LastRejection.Length > 0 ? new Decision.Finish(state.LastRejection) { Status = RunStatus.Failed }
                : new Decision.Finish("Done."),
            host => AddEdit(host).UseWorkspace(_ => workspace).AddPolicy(Policies.RequireGreenTests()));

        var result = await harness.RunAsync("Break it").Soon();

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("not green on the tree that would be handed over: T.a", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app/b.cs", 2)]
    [InlineData("tests/a_tests.cs", 1)]
    public async Task A_change_after_the_review_has_to_be_reviewed_again_unless_it_is_to_tests(string later, int reviews)
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(
            Hosts.Script(
                _ => new Decision.CallWorker([Edit("app/a.cs")]),
                _ => new Decision.CallWorker([Hosts.Call("reviewer")]),
                _ => new Decision.CallWorker([Edit(later)]),
                _ => new Decision.Finish("Done.")),
            host => AddEdit(host).AddStub("reviewer", """{"status":"success","verdict":"approved"}""").UseWorkspace(_ => workspace).AddPolicy(Policies.RequireBeforeFinish("reviewer")));

        var result = await harness.RunAsync("Review").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(reviews, result.Calls.Count(call => call.Call.Capability == "reviewer"));
    }

    [Fact]
    public async Task A_review_that_requests_changes_is_no_approval()
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(
            state => state.LastRejection.Length > 0 ? new Decision.Finish(state.LastRejection) { Status = RunStatus.Partial } : new Decision.Finish("Done."),
            host => host.AddStub("reviewer", """{"status":"success","verdict":"changes_requested"}""").UseWorkspace(_ => workspace).AddPolicy(Policies.RequireBeforeFinish("reviewer")));

        var result = await harness.RunAsync("Review").Soon();

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Contains("requests changes", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_workspace_a_patch_and_a_test_run_fail_as_calls_and_say_why()
    {
        await using var harness = Hosts.With(Hosts.Calls(Edit("app/a.cs"), Verify.Call()), host => AddEdit(host));

        var result = await harness.RunAsync("No files").Soon();

        Assert.All(result.Calls, call => Assert.Contains("no workspace is registered", call.Result!.Error!.Message, StringComparison.Ordinal));
    }

    private static OrchestratorHarness Editing(string[] paths, Action<OrchestratorBuilder> configure, Action<WorkerOptions>? worker = null)
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        return Hosts.With(Hosts.Calls([.. paths.Select(Edit)]), host => configure(AddEdit(host, worker).UseWorkspace(_ => workspace)));
    }

    private static WorkerCall Edit(string path) => WorkerCall.To("edit", new Dictionary<string, string> { ["path"] = path });

    private static OrchestratorBuilder AddEdit(OrchestratorBuilder host, Action<WorkerOptions>? worker = null) => host.AddWorker(
        "edit",
        new StubWorker((input, context, _) => Task.FromResult(Hosts.Reply(Patch(input.GetProperty("path").GetString()!, $"{input.GetProperty("path").GetString()} {context.Call.Number}\n")))),
        worker);

    private static string Patch(string path, string code) => JsonSerializer.Serialize(new { status = "success", files = new[] { new { path, code } } });

    private static InMemoryWorkspaceProvider Tested(List<string> verified) => new(Files, (request, _, _) =>
    {
        verified.Add(request.At.Tree);
        return ValueTask.FromResult(Report(request, TestReport.CaseResult.Passed));
    });

    private static TestReport Report(IWorkspace.Verification request, TestReport.CaseResult result) =>
        new(request.At.Tree, result == TestReport.CaseResult.Passed ? TestReport.Result.Passed : TestReport.Result.Failed) { Cases = [new("T.a", result)] };
}
