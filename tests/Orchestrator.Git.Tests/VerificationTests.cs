namespace Orchestrator.Git.Tests;

public sealed class VerificationTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public VerificationTests()
    {
        _repository.Write("src/value.txt", "old\n");
        _repository.Write("src/gone.txt", "here\n");
        _repository.Write(".gitignore", "out/\n");
        _repository.Commit();
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_exit_code_decides_where_there_is_no_report()
    {
        await using var workspace = await _repository.OpenAsync("echo said; echo complained >&2; grep -q new src/value.txt");
        var fixedTree = await CommitAsync(workspace, workspace.Base, 1, "src/value.txt", "new\n");

        var before = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var after = await workspace.VerifyAsync(new IWorkspace.Verification(fixedTree), default);

        Assert.Equal((TestReport.Result.Failed, 1, workspace.Base.Tree), (before.Outcome, before.ExitCode, before.Tree));
        Assert.Equal((TestReport.Result.Passed, 0, fixedTree.Tree), (after.Outcome, after.ExitCode, after.Tree));
        Assert.Contains("said\n", after.Output);
        Assert.Contains("complained\n", after.Output);
        Assert.False(after.OutputCut);
    }

    [Fact]
    public async Task The_checkout_is_exactly_the_tree_beside_what_is_ignored()
    {
        // Between runs a tracked file is changed, one is deleted, and files are left behind; what is ignored is a build's cache and stays.
        await using var workspace = await _repository.OpenAsync(
            "find . -type f -not -path './.git' | sort; cat src/value.txt; echo dirt > src/value.txt; rm -f src/gone.txt; mkdir -p left out; echo x > left/over.txt; echo x > out/cache.txt");
        var next = await workspace.CommitAsync(
            new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("src/gone.txt"), null), new(RepoPath.Parse("src/ne w.txt"), "x"u8.ToArray())], "Change", new CallId(1), "code_edit"), default);

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var other = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);

        Assert.Equal("./.gitignore\n./src/gone.txt\n./src/value.txt\nold\n", first.Output);
        Assert.Equal("./.gitignore\n./out/cache.txt\n./src/gone.txt\n./src/value.txt\nold\n", again.Output);
        Assert.Equal("./.gitignore\n./out/cache.txt\n./src/ne w.txt\n./src/value.txt\nold\n", other.Output);
    }

    [Fact]
    public async Task A_folder_that_a_command_left_without_permissions_is_gone_the_next_time()
    {
        // Who runs as root cleans it away like any other; anybody else gets a checkout made anew.
        await using var workspace = await _repository.OpenAsync("find . -type f -not -path './.git' | sort; mkdir -p left/deep; echo x > left/deep/over.txt; chmod 000 left/deep left");

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal("./.gitignore\n./src/gone.txt\n./src/value.txt\n", first.Output);
        Assert.Equal(first.Output, again.Output);
    }

    [Fact]
    public async Task Commands_see_a_git_repository_of_their_own_and_cannot_reach_the_users()
    {
        await using var workspace = await _repository.OpenAsync(
            "git rev-parse HEAD && git status --short && git log --format=%s && echo more > more.txt && git add . && git commit --quiet -m theirs && git checkout --quiet -b main && git stash list && git config --local core.hooksPath evil && git tag theirs && git gc --quiet --prune=now");
        var before = _repository.Git("for-each-ref") + _repository.Git("config", "--local", "--list");

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base) { TimeLimit = TimeSpan.FromSeconds(30) }, default);

        Assert.Equal($"{workspace.Base.Commit}\nStart\n", first.Output);
        Assert.StartsWith($"{workspace.Base.Commit}\nStart\n", again.Output);
        Assert.Equal(before, _repository.Git("for-each-ref") + _repository.Git("config", "--local", "--list"));
        Assert.Equal("", _repository.Git("status", "--short"));
        Assert.DoesNotContain("theirs", _repository.Git("log", "--all", "--format=%s"));
    }

    [Fact]
    public async Task A_command_that_deletes_its_checkout_gets_a_new_one_next_time()
    {
        await using var workspace = await _repository.OpenAsync("cat src/value.txt && rm -rf ./* ./.git ../checkout; true");

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal(("old\n", "old\n"), (first.Output, again.Output));
    }

    [Fact]
    public async Task The_set_up_runs_once_for_a_checkout_and_what_it_leaves_is_kept()
    {
        var count = Path.Combine(_repository.Folder, "count");
        await using var workspace = await _repository.OpenAsync(
            "cat installed/tool.txt", options => options with { SetUp = $"echo run >> {Shell.Quote(count)}; mkdir installed; echo tool > installed/tool.txt" });
        var next = await CommitAsync(workspace, workspace.Base, 1, "src/value.txt", "new\n");

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);

        Assert.Equal(("tool\n", "tool\n"), (first.Output, again.Output));
        Assert.Equal("run\n", File.ReadAllText(count));
    }

    [Fact]
    public async Task A_set_up_that_fails_means_that_nothing_ran_and_is_tried_again()
    {
        await using var workspace = await _repository.OpenAsync("echo tested", options => options with { SetUp = "echo no network; exit 3" });

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.All([first, again], report =>
        {
            Assert.Equal(TestReport.Result.NotRun, report.Outcome);
            Assert.Contains("exit code 3", report.Output);
            Assert.Contains("no network", report.Output);
            Assert.DoesNotContain("tested", report.Output);
        });
    }

    [Theory]
    [InlineData("no-such-program --now", "127")]
    [InlineData("./not-executable.sh", "126")]
    public async Task A_command_that_cannot_be_run_is_not_a_failed_test(string command, string code)
    {
        _repository.Write("not-executable.sh", "true\n");
        _repository.Commit();
        await using var workspace = await _repository.OpenAsync(command);

        var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal(TestReport.Result.NotRun, report.Outcome);
        Assert.Contains($"exit code {code}", report.Output);
    }

    [Fact]
    public async Task Linked_paths_lead_to_the_users_checkout_and_survive_between_runs()
    {
        _repository.Write("node_modules/tool/index.js", "tool\n");
        _repository.Write(".gitignore", "out/\nnode_modules/\n");
        _repository.Commit();
        await using (var workspace = await _repository.OpenAsync("cat node_modules/tool/index.js; git status --short", options => options with { LinkedPaths = ["node_modules", "missing"] }))
        {
            for (var run = 0; run < 2; run++)
            {
                Assert.Equal("tool\n", (await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default)).Output);
            }
        }

        Assert.True(File.Exists(Path.Combine(_repository.Root, "node_modules/tool/index.js")), "Cleaning up must not follow the link.");
    }

    [Fact]
    public async Task Reports_are_read_from_the_results_folder_and_by_glob_and_never_from_an_earlier_run_or_the_tree()
    {
        _repository.Write("reports/fixture.xml", Suite("fixture", "<failure message='not mine'/>"));
        _repository.Commit();
        await using var workspace = await _repository.OpenAsync(
            $"printf %s {Shell.Quote(Suite("one", ""))} > \"$ORCHESTRATOR_RESULTS/one.xml\"; [ -e out/second ] || printf %s {Shell.Quote(Suite("two", "<failure message='broke'>at here</failure>"))} > reports/two.xml; mkdir -p out; touch out/second",
            options => options with { Reports = ["reports/*.xml"] });

        var first = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var again = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal(["C.one", "C.two"], first.Cases.Select(test => test.Id));
        Assert.Equal(TestReport.Result.Failed, first.Outcome);
        Assert.Equal("broke\nat here", first.Cases[1].Message);
        Assert.Equal(["C.one"], again.Cases.Select(test => test.Id));
        Assert.Equal(TestReport.Result.Passed, again.Outcome);
    }

    [Theory]
    [InlineData("<testsuites/>", TestReport.Result.Empty)]
    [InlineData("<testsuite><testcase name='a'><skipped/></testcase></testsuite>", TestReport.Result.Empty)]
    [InlineData("<testsuite><testcase name='a'/><testcase na", TestReport.Result.Passed)]
    [InlineData("<!DOCTYPE x [<!ENTITY e 'x'>]><testsuite>&e;</testsuite>", TestReport.Result.Passed)]
    [InlineData("<coverage/>", TestReport.Result.Passed)]
    public async Task A_report_without_tests_is_empty_and_a_broken_one_leaves_it_to_the_exit_code(string xml, TestReport.Result expected)
    {
        await using var workspace = await _repository.OpenAsync($"printf %s {Shell.Quote(xml)} > \"$ORCHESTRATOR_RESULTS/a.xml\"");

        var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal(expected, report.Outcome);
        Assert.Equal(expected == TestReport.Result.Passed && !xml.Contains("coverage", StringComparison.Ordinal), report.Output.Contains("is broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subset_runs_through_its_template_with_names_that_cannot_escape_their_quotes()
    {
        await using var workspace = await _repository.OpenAsync("echo all", options => options with { Subset = new TestSubset("printf '%s\\n' {tests}") { Name = "{id}" } });

        var some = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base) { Tests = ["A.B(x: \"it's\")", "$(touch evil); C"] }, default);
        var all = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

        Assert.Equal("A.B(x: \"it's\")\n$(touch evil); C\n", some.Output);
        Assert.Equal("all\n", all.Output);
    }

    [Fact]
    public async Task An_overlay_runs_new_tests_on_old_code()
    {
        await using var workspace = await _repository.OpenAsync("sh test.sh");
        var next = await workspace.CommitAsync(
            new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("src/value.txt"), "new\n"u8.ToArray()), new(RepoPath.Parse("test.sh"), "grep -q new src/value.txt"u8.ToArray())], "Fix", new CallId(1), "code_edit"), default);

        var old = await workspace.VerifyAsync(new IWorkspace.Verification(await workspace.OverlayAsync(workspace.Base, next, [RepoPath.Parse("test.sh")], default)), default);

        Assert.Equal(TestReport.Result.Failed, old.Outcome);
        Assert.Equal(TestReport.Result.Passed, (await workspace.VerifyAsync(new IWorkspace.Verification(next), default)).Outcome);
    }

    [Fact]
    public async Task Verifications_asked_for_at_once_each_see_their_own_tree()
    {
        await using var workspace = await _repository.OpenAsync("cat src/value.txt");
        var next = await CommitAsync(workspace, workspace.Base, 1, "src/value.txt", "new\n");

        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => workspace.VerifyAsync(new IWorkspace.Verification(i % 2 == 0 ? workspace.Base : next), default).AsTask()));

        Assert.Equal(["old\n", "new\n", "old\n", "new\n", "old\n", "new\n"], reports.Select(report => report.Output));
    }

    private static string Suite(string test, string inner) => $"<testsuite><testcase classname=\"C\" name=\"{test}\">{inner}</testcase></testsuite>";

    private static ValueTask<IWorkspace.Revision> CommitAsync(IWorkspace workspace, IWorkspace.Revision parent, int call, string path, string text) =>
        workspace.CommitAsync(new IWorkspace.Commit(parent, [new(RepoPath.Parse(path), System.Text.Encoding.UTF8.GetBytes(text))], "Change", new CallId(call), "code_edit"), default);
}
