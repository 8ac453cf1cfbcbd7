using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Engine;

public sealed class BugfixWorkflowTests
{
    private const string Broken = "class Drafts\n{\n    string Save(string? text) => text.Trim();\n}\n";

    internal const string Fix = "--- a/app/drafts.cs\n+++ b/app/drafts.cs\n@@ -1,4 +1,4 @@\n class Drafts\n {\n-    string Save(string? text) => text.Trim();\n+    string Save(string? text) => (text ?? \"\").Trim();\n }\n";

    [Fact]
    public async Task A_failing_test_ends_green_with_a_reviewed_patch_and_a_regression_test()
    {
        await using var provider = Host(Fix);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        var transcript = (await orchestrator.ReadAsync(result.Run)).ToMarkdown();
        Assert.True(result.Status == RunStatus.Succeeded, transcript);
        Assert.False(result.TestsBefore!.Green);
        Assert.True(result.TestsAfter!.Green);
        Assert.Contains("(text ?? \"\")", result.Diff, StringComparison.Ordinal);
        Assert.Contains("fails on the old code and passes on the new", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_that_does_not_help_ends_the_run_as_failed_with_the_test_named()
    {
        await using var provider = Host(Fix.Replace("(text ?? \"\")", "text!", StringComparison.Ordinal));
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("Drafts.Saves_null", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_edits_is_told_which_test_must_pass_and_why_it_fails()
    {
        await using var provider = Host(Fix);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        var edit = (await orchestrator.ReadAsync(result.Run)).State.Calls.First(call => call.Call.Capability == CodeEdit.Capability);
        Assert.Contains("This test must pass: Drafts.Saves_null. It fails now: NullReferenceException", edit.Call.Input.Inline.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_cannot_be_asked_for_is_not_asked_for_again()
    {
        var services = new ServiceCollection();
        Configure(services.AddOrchestrator(), Fix, suspects: "app/missing.cs");
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("The edit could not be asked for: There is no file 'app/missing.cs'", result.Summary, StringComparison.Ordinal);
        Assert.Single(result.Calls, call => call.Call.Capability == CodeEdit.Capability);
    }

    [Theory]
    [InlineData("--- a/app/nowhere.cs\n+++ b/app/nowhere.cs\n@@ -1 +1 @@\n-a\n+b\n", "The last patch was not taken: The patch was not applied; nothing has changed. - app/nowhere.cs: file_missing.")]
    [InlineData("--- a/app/drafts.cs\n+++ b/app/drafts.cs\n@@ -1 +1 @@\n-class Drafts\n+class  Drafts\n", "nothing has changed.")]
    public async Task A_bug_that_is_still_there_is_never_partly_fixed_even_if_the_test_command_names_no_tests(string patch, string told)
    {
        await using var provider = Host(patch, (request, _, _) => ValueTask.FromResult(new TestReport(request.At.Tree, TestReport.Result.Failed) { ExitCode = 1 }));
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains(told, result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, RunStatus.Succeeded, "")]
    [InlineData(int.MaxValue, RunStatus.Partial, "The tests are green, but this may not be called done: require_before_finish(reviewer)")]
    public async Task A_reviewer_that_fails_is_asked_once_more_and_then_the_run_ends(int failures, RunStatus expected, string told)
    {
        var asked = 0;
        var services = new ServiceCollection();
        Configure(services.AddOrchestrator(), Fix, null, () => ++asked <= failures ? throw new IOException("The model is away.") : new Reviewer.Output(WorkerClaim.Success, Reviewer.Opinion.Approved));
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(expected, result.Status);
        Assert.Contains(told, result.Summary, StringComparison.Ordinal);
        Assert.InRange((await orchestrator.ReadAsync(result.Run)).Of<RunEvent.DecisionRejected>().Count(), 0, 1);
    }

    [Fact]
    public async Task A_file_that_the_analysis_only_guessed_is_passed_over_for_the_next_one()
    {
        var services = new ServiceCollection();
        Configure(services.AddOrchestrator(), Fix, suspects: ["app/guessed.cs", "app/drafts.cs"]);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Fix the crash when saving drafts")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(CallResult.Failure.Codes.InvalidInput, result.Calls.First(call => call.Call.Capability == CodeEdit.Capability).Result!.Error!.Code);
    }

    [Theory]
    [InlineData("Drafts.Saves_null", RunStatus.Succeeded)]
    [InlineData("Drafts.Does_not_exist", RunStatus.Partial)]
    public async Task Tests_that_the_task_names_must_pass_in_the_end(string target, RunStatus status)
    {
        await using var provider = Host(Fix);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var task = new TaskRequest("Fix the crash when saving drafts") { Scope = new() { TargetTests = [target] } };

        var result = await orchestrator.RunAsync(task).WaitAsync(TimeSpan.FromSeconds(20));

        var head = (await orchestrator.ReadAsync(result.Run)).State.Head!.Tree;
        var last = result.Calls.Last(call => call.Result?.Evidence is { Whole: true } evidence && evidence.Tree == head).Result!.Evidence!;
        Assert.Equal(status, result.Status);
        Assert.Equal(status == RunStatus.Succeeded ? [] : [target], last.Failing);
    }

    [Fact]
    public async Task A_report_that_names_no_tests_is_not_green_where_the_task_names_some()
    {
        var workspace = new InMemoryWorkspaceProvider(
            new Dictionary<string, string> { ["a.txt"] = "a" },
            (request, _, _) => ValueTask.FromResult(new TestReport(request.At.Tree, TestReport.Result.Passed)));
        await using var harness = Hosts.With(Hosts.Calls(Verify.Call()), host => host.UseWorkspace(_ => workspace));

        var without = await harness.RunAsync(new TaskRequest("Verify")).Soon();
        var with = await harness.RunAsync(new TaskRequest("Verify") { Scope = new() { TargetTests = ["Drafts.Saves_null"] } }).Soon();

        Assert.True(without.Calls[0].Result!.Evidence!.Green);
        Assert.False(with.Calls[0].Result!.Evidence!.Green);
        Assert.Equal(["Drafts.Saves_null"], with.Calls[0].Result!.Evidence!.Failing);
    }

    internal static OrchestratorBuilder Configure(
        OrchestratorBuilder host,
        string patch,
        Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>>? test = null,
        Func<Reviewer.Output>? review = null,
        params string[] suspects)
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["app/drafts.cs"] = Broken, ["tests/drafts_tests.cs"] = "" }, test ?? Test);
        return host
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddWorker<Analysis.Input, Analysis.Output>("analysis", (_, _) => Task.FromResult(
                new Analysis.Output(WorkerClaim.Success, [.. suspects.DefaultIfEmpty("app/drafts.cs").Select(path => new Analysis.LikelyFile(RepoPath.Parse(path, null)))], [new("Save trims null.")])))
            .AddWorker<CodeEdit.Input, CodeEdit.Output>("code_edit", (_, _) => Task.FromResult(new CodeEdit.Output(WorkerClaim.Success, new PatchText(patch))))
            .AddWorker<Reviewer.Input, Reviewer.Output>("reviewer", (_, _) => Task.FromResult(review?.Invoke() ?? new Reviewer.Output(WorkerClaim.Success, Reviewer.Opinion.Approved)))
            .AddWorker<TestWriter.Input, TestWriter.Output>("test_writer", (_, _) => Task.FromResult(new TestWriter.Output(WorkerClaim.Success)
            {
                Files = [new CodeFile(RepoPath.Parse("tests/more_tests.cs", null), "// regression\n")],
            }))
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"))
            .UseWorkspace(_ => workspace);
    }

    private static ServiceProvider Host(string patch, Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>>? test = null)
    {
        var services = new ServiceCollection();
        Configure(services.AddOrchestrator(), patch, test);
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>Stands for the test command: one test that needs the fix, and one more for each file that was added.</summary>
    private static ValueTask<TestReport> Test(IWorkspace.Verification request, IReadOnlyDictionary<RepoPath, string> files, CancellationToken cancellationToken)
    {
        var isFixed = files[RepoPath.Parse("app/drafts.cs", null)].Contains("?? \"\"", StringComparison.Ordinal);
        var result = isFixed ? TestReport.CaseResult.Passed : TestReport.CaseResult.Failed;
        List<TestReport.Case> cases = [new("Drafts.Saves_null", result, isFixed ? "" : "NullReferenceException"), new("Drafts.Saves_text", TestReport.CaseResult.Passed)];
        if (files.ContainsKey(RepoPath.Parse("tests/more_tests.cs", null)))
        {
            cases.Add(new("Drafts.Regression", result));
        }

        return ValueTask.FromResult(new TestReport(request.At.Tree, isFixed ? TestReport.Result.Passed : TestReport.Result.Failed) { Cases = cases });
    }
}
