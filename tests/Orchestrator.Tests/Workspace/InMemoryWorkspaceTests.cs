using Orchestrator.Testing;

namespace Orchestrator.Tests.Workspace;

public sealed class InMemoryWorkspaceTests
{
    private static readonly RunId Run = new(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0001"));

    public static TheoryData<string> Promises => [.. WorkspaceConformance.Cases.Select(promise => promise.Name)];

    [Theory, MemberData(nameof(Promises))]
    public Task Keeps_every_promise_of_a_workspace(string promise) =>
        WorkspaceConformance.Cases.Single(candidate => candidate.Name == promise).RunAsync(files => ValueTask.FromResult<IWorkspaceProvider>(new InMemoryWorkspaceProvider(files)));

    [Fact]
    public async Task Verification_gets_the_files_of_exactly_the_revision_asked_for()
    {
        var provider = new InMemoryWorkspaceProvider(
            new Dictionary<string, string> { ["a.txt"] = "old" },
            (request, files, _) => ValueTask.FromResult(new TestReport("", files[RepoPath.Parse("a.txt")] == "new" ? TestReport.Result.Passed : TestReport.Result.Failed)));
        await using var workspace = await provider.OpenAsync(new TaskRequest.RepoScope(), Run, null, 1, default);
        var fixedTree = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "new"u8.ToArray())], "Fix", new CallId(1), "code_edit"), default);

        var before = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var after = await workspace.VerifyAsync(new IWorkspace.Verification(fixedTree), default);

        Assert.Equal((TestReport.Result.Failed, workspace.Base.Tree), (before.Outcome, before.Tree));
        Assert.Equal((TestReport.Result.Passed, fixedTree.Tree), (after.Outcome, after.Tree));
    }

    [Fact]
    public async Task A_verification_that_throws_is_a_report_that_nothing_ran()
    {
        var provider = new InMemoryWorkspaceProvider(new Dictionary<string, string>(), (_, _, _) => throw new InvalidOperationException("no compiler here"));
        await using var workspace = await provider.OpenAsync(new TaskRequest.RepoScope(), Run, null, 1, default);

        var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal(TestReport.Result.NotRun, report.Outcome);
        Assert.Contains("no compiler here", report.Output);
    }

    [Fact]
    public async Task A_base_from_a_process_that_has_ended_is_refused_with_the_reason()
    {
        var provider = new InMemoryWorkspaceProvider(new Dictionary<string, string>());

        var failure = await Assert.ThrowsAsync<OrchestratorException>(() => provider.OpenAsync(new TaskRequest.RepoScope(), Run, new IWorkspace.Revision("gone", "gone", ""), 1, default).AsTask());

        Assert.Contains("ended with the process", failure.Message);
    }
}
