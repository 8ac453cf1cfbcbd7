using static Orchestrator.Testing.WorkspaceProbe;

namespace Orchestrator.Testing;

/// <summary>Opening, reading, listing and comparing.</summary>
internal static class WorkspaceReadConformance
{
    public static IReadOnlyList<WorkspaceConformanceCase> Cases { get; } =
    [
        new("A scope that can be opened has no problem", async probe =>
            Demand(await probe.Provider.FindProblemAsync(new TaskRequest.RepoScope(), probe.Token).ConfigureAwait(false) is null, "There must be no problem.")),

        new("A revision that does not exist is a problem, in words and when it is opened", async probe =>
        {
            var scope = new TaskRequest.RepoScope { Revision = "no-such-revision" };

            var problem = await probe.Provider.FindProblemAsync(scope, probe.Token).ConfigureAwait(false);

            Demand(problem?.Contains("no-such-revision", StringComparison.Ordinal) == true, $"The problem must name the revision: {problem}");
            await ThrowsAsync<OrchestratorException>(() => probe.Provider.OpenAsync(scope, Run, null, 1, probe.Token).AsTask(), "Opening it").ConfigureAwait(false);
        }),

        new("The base lists every file in ordinal order", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var paths = await workspace.ListAsync(workspace.Base, probe.Token).ConfigureAwait(false);

            SamePaths(InitialFiles.Select(file => file.Path.Value).Order(StringComparer.Ordinal), paths, "The list");
        }),

        new("Every file is read with exactly its bytes and its mode", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            foreach (var expected in InitialFiles)
            {
                var file = await workspace.ReadAsync(workspace.Base, expected.Path, probe.Token).ConfigureAwait(false);

                Demand(file?.Bytes?.Span.SequenceEqual(expected.Bytes!.Value.Span) == true, $"'{expected.Path}' must have its bytes.");
                Same(expected.Mode, file!.Mode, $"The mode of '{expected.Path}'");
            }
        }),

        new("A path that is not there, or is a folder, reads as null", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            Demand(await workspace.ReadAsync(workspace.Base, Path("src/Missing.cs"), probe.Token).ConfigureAwait(false) is null, "A missing file must be null.");
            Demand(await workspace.ReadAsync(workspace.Base, Path("src"), probe.Token).ConfigureAwait(false) is null, "A folder must be null.");
        }),

        new("Many reads at once give each caller its own file", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var expected = Enumerable.Range(0, 64).Select(i => InitialFiles[i % InitialFiles.Count]).ToList();

            var files = await Task.WhenAll(expected.Select(file => workspace.ReadAsync(workspace.Base, file.Path, probe.Token).AsTask())).ConfigureAwait(false);

            Demand(files.Zip(expected).All(pair => pair.First!.Bytes!.Value.Span.SequenceEqual(pair.Second.Bytes!.Value.Span)), "Every read must give the file that was asked for.");
        }),

        new("A revision stays readable as it was after later commits", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var next = await probe.CommitAsync(workspace, workspace.Base, 1, Text("README.md", "new\n")).ConfigureAwait(false);

            Same("# Drafts\n", await probe.ReadAsync(workspace, workspace.Base, "README.md").ConfigureAwait(false), "The old text");
            Same("new\n", await probe.ReadAsync(workspace, next, "README.md").ConfigureAwait(false), "The new text");
        }),

        new("Files that hold tests are told from others", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            foreach (var path in (string[])["tests/DraftsTests.cs", "src/DraftsTests.cs", "tests/data.json", "pkg/drafts_test.go", "test_drafts.py", "app/drafts.test.ts", "src/test/java/DraftsTest.java"])
            {
                Demand(workspace.IsTestFile(Path(path)), $"'{path}' must be a test file.");
            }

            foreach (var path in (string[])["src/Drafts.cs", "README.md", "contest.py", "src/latest/Drafts.cs"])
            {
                Demand(!workspace.IsTestFile(Path(path)), $"'{path}' must not be a test file.");
            }
        }),

        new("Changed paths are those whose bytes or mode differ, in ordinal order", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var drafts = (await workspace.ReadAsync(workspace.Base, Path("src/Drafts.cs"), probe.Token).ConfigureAwait(false))!;
            var next = await probe.CommitAsync(
                workspace, workspace.Base, 1, Text("src/New.cs", "x"), Deleted("src/Other.cs"), Text("README.md", "y"), Text("empty.txt", ""), drafts with { Mode = "100755" }).ConfigureAwait(false);

            SamePaths(["README.md", "src/Drafts.cs", "src/New.cs", "src/Other.cs"], await workspace.ChangedPathsAsync(workspace.Base, next, probe.Token).ConfigureAwait(false), "The paths");
            SamePaths([], await workspace.ChangedPathsAsync(next, next, probe.Token).ConfigureAwait(false), "The paths between equal revisions");
        }),

        new("A diff shows what was changed, made and deleted, and nothing else", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var next = await probe.CommitAsync(
                workspace, workspace.Base, 1, Text("src/Drafts.cs", "class Drafts\n{\n    void Save() { Check(); }\n}\n"), Text("docs/ärger ünd 日本.md", "Ärger\n"), Text("src/New.cs", "class New { }\n"), Deleted("src/Other.cs")).ConfigureAwait(false);

            var diff = await workspace.DiffAsync(workspace.Base, next, probe.Token).ConfigureAwait(false);

            foreach (var line in (string[])["-    void Save() { }", "+    void Save() { Check(); }", " class Drafts", "--- a/src/Drafts.cs", "+++ b/src/Drafts.cs", "+Ärger", "-Grüße", "+class New { }", "-class Other { }", "--- /dev/null", "+++ /dev/null"])
            {
                Demand(diff.Split('\n').Contains(line), $"The diff must have the line '{line}':\n{diff}");
            }

            Demand(!diff.Contains("README", StringComparison.Ordinal), "A file that did not change must not be in the diff.");
            Same("", await workspace.DiffAsync(next, next, probe.Token).ConfigureAwait(false), "The diff between equal revisions");
        }),

        new("Without a test command a verification is a report that says so, about the tree that was asked for", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), probe.Token).ConfigureAwait(false);

            Same(TestReport.Result.NotRun, report.Outcome, "The outcome");
            Same(workspace.Base.Tree, report.Tree, "The tree");
            Demand(report.Output.Length > 0, "The report must say why.");
        }),
    ];
}
