using static Orchestrator.Testing.WorkspaceProbe;

namespace Orchestrator.Testing;

/// <summary>Commits, overlays and the hash of a change.</summary>
internal static class WorkspaceCommitConformance
{
    public static IReadOnlyList<WorkspaceConformanceCase> Cases { get; } =
    [
        new("A commit holds the change on top of its parent", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var next = await probe.CommitAsync(workspace, workspace.Base, 1, Text("src/Drafts.cs", "changed\n"), Text("a/deep/new.txt", "new\n"), Deleted("src/Other.cs")).ConfigureAwait(false);

            Same("changed\n", await probe.ReadAsync(workspace, next, "src/Drafts.cs").ConfigureAwait(false), "The changed file");
            Same("new\n", await probe.ReadAsync(workspace, next, "a/deep/new.txt").ConfigureAwait(false), "The new file");
            Same(null, await probe.ReadAsync(workspace, next, "src/Other.cs").ConfigureAwait(false), "The deleted file");
            Same("# Drafts\n", await probe.ReadAsync(workspace, next, "README.md").ConfigureAwait(false), "The file beside it");
            Demand(next.Commit != workspace.Base.Commit && next.Tree != workspace.Base.Tree, "Commit and tree must be new ones.");
        }),

        new("Every kind of file is written with exactly its bytes and its mode", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            IWorkspace.File[] moved = [.. InitialFiles.Select(file => file with { Path = Path("copy/" + file.Path) })];

            var next = await probe.CommitAsync(workspace, workspace.Base, 1, moved).ConfigureAwait(false);

            foreach (var expected in moved)
            {
                var file = await workspace.ReadAsync(next, expected.Path, probe.Token).ConfigureAwait(false);
                Demand(file?.Bytes?.Span.SequenceEqual(expected.Bytes!.Value.Span) == true, $"'{expected.Path}' must have its bytes.");
                Same(expected.Mode, file!.Mode, $"The mode of '{expected.Path}'");
            }
        }),

        new("Equal content has an equal tree, however it came about", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var first = await probe.CommitAsync(workspace, workspace.Base, 1, Text("README.md", "other\n")).ConfigureAwait(false);
            var back = await probe.CommitAsync(workspace, first, 2, Text("README.md", "# Drafts\n")).ConfigureAwait(false);

            Same(workspace.Base.Tree, back.Tree, "The tree");
            Same(workspace.Base.Change, back.Change, "The change");
            Demand(back.Commit != workspace.Base.Commit, "The commit must be another one.");
        }),

        new("A commit without any change is a commit all the same", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var next = await probe.CommitAsync(workspace, workspace.Base, 1).ConfigureAwait(false);

            Same(workspace.Base.Tree, next.Tree, "The tree");
            Same(next, await workspace.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false), "The commit found");
        }),

        new("A change that cannot be made is refused and leaves the branch alone", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            IWorkspace.File[][] impossible =
            [
                [Deleted("missing.txt")],
                [Text("README.md", "a"), Text("README.md", "b")],
                [Text("README.md/below", "a file cannot hold files")],
                [Text("src", "a folder cannot become a file while it has files")],
                [Text("link/through.txt", "a link is not a folder")],
                [Text("mode.txt", "x") with { Mode = "100600" }],
                [Text("module", "x") with { Mode = "160000" }],
            ];

            foreach (var files in impossible)
            {
                await ThrowsAsync<OrchestratorException>(() => probe.CommitAsync(workspace, workspace.Base, 1, files), $"Writing '{files[0].Path}'").ConfigureAwait(false);
            }

            Demand(await workspace.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false) is null, "No commit may be there.");
            await probe.CommitAsync(workspace, workspace.Base, 1, Text("README.md", "possible\n")).ConfigureAwait(false);
        }),

        new("A file can take the place of a folder whose files are deleted with it, and the other way round", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var file = await probe.CommitAsync(workspace, workspace.Base, 1, Deleted("src/Drafts.cs"), Deleted("src/Other.cs"), Text("src", "now a file\n")).ConfigureAwait(false);
            var folder = await probe.CommitAsync(workspace, file, 2, Deleted("src"), Text("src/Again.cs", "folder\n")).ConfigureAwait(false);

            Same("now a file\n", await probe.ReadAsync(workspace, file, "src").ConfigureAwait(false), "The file");
            Same("folder\n", await probe.ReadAsync(workspace, folder, "src/Again.cs").ConfigureAwait(false), "The folder's file");
        }),

        new("A commit is found by the call that made it, and by no other", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var one = await probe.CommitAsync(workspace, workspace.Base, 1, Text("a.txt", "1\n")).ConfigureAwait(false);
            var twelve = await workspace.CommitAsync(
                new IWorkspace.Commit(one, [Text("a.txt", "12\n")], "Misleading\n\nOrchestrator-Call: c7\n", new CallId(12), "code_edit\nOrchestrator-Call: c8"), probe.Token).ConfigureAwait(false);

            Same(one, await workspace.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false), "Call 1");
            Same(twelve, await workspace.FindCommitAsync(new CallId(12), probe.Token).ConfigureAwait(false), "Call 12");
            foreach (var other in (int[])[2, 7, 8])
            {
                Demand(await workspace.FindCommitAsync(new CallId(other), probe.Token).ConfigureAwait(false) is null, $"Call {other} made no commit.");
            }
        }),

        new("The change hash leaves test files out and counts everything else", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var test = await probe.CommitAsync(workspace, workspace.Base, 1, Text("tests/NewTests.cs", "class NewTests { }\n")).ConfigureAwait(false);
            var code = await probe.CommitAsync(workspace, test, 2, Text("src/Drafts.cs", "changed\n")).ConfigureAwait(false);
            var both = await probe.CommitAsync(workspace, code, 3, Text("tests/NewTests.cs", "class NewTests { int i; }\n")).ConfigureAwait(false);
            var script = await probe.CommitAsync(workspace, both, 4, Text("run.sh", "#!/bin/sh\n")).ConfigureAwait(false);

            Same(workspace.Base.Change, test.Change, "The change of a new test");
            Demand(code.Change != test.Change, "A change of code must count.");
            Same(code.Change, both.Change, "The change beside a changed test");
            Demand(script.Change != both.Change, "A change of mode must count.");
        }),

        new("Files that have changed together more than once are told, those that did so most often first, or none by a workspace that knows no history", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var one = await probe.CommitAsync(workspace, workspace.Base, 1, Text("src/Drafts.cs", "1\n"), Text("src/Other.cs", "1\n"), Text("docs/ärger ünd 日本.md", "1\n")).ConfigureAwait(false);
            var two = await probe.CommitAsync(workspace, one, 2, Text("src/Drafts.cs", "2\n"), Text("src/Other.cs", "2\n"), Text("docs/ärger ünd 日本.md", "2\n"), Text("README.md", "2\n")).ConfigureAwait(false);
            var three = await probe.CommitAsync(workspace, two, 3, Text("src/Drafts.cs", "3\n"), Text("src/Other.cs", "3\n"), Text("empty.txt", "3\n")).ConfigureAwait(false);

            var all = await workspace.CoChangedAsync(three, Path("src/Drafts.cs"), 100, probe.Token).ConfigureAwait(false);
            var last = await workspace.CoChangedAsync(three, Path("src/Drafts.cs"), 2, probe.Token).ConfigureAwait(false);
            var early = await workspace.CoChangedAsync(one, Path("src/Drafts.cs"), 100, probe.Token).ConfigureAwait(false);

            if (all.Count > 0)
            {
                SamePaths(["src/Other.cs", "docs/ärger ünd 日本.md"], all, "The files");
                SamePaths(["src/Other.cs"], last, "The files of the last two commits");
            }

            SamePaths([], early, "The files after one commit");
        }),

        new("Where there is no history, nothing has changed together", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var overlay = await workspace.OverlayAsync(workspace.Base, workspace.Base, [], probe.Token).ConfigureAwait(false);

            SamePaths([], await workspace.CoChangedAsync(workspace.Base, Path("src/Drafts.cs"), 100, probe.Token).ConfigureAwait(false), "The files beside one that never changed");
            SamePaths([], await workspace.CoChangedAsync(workspace.Base, Path("src/Missing.cs"), 100, probe.Token).ConfigureAwait(false), "The files beside one that is not there");
            SamePaths([], await workspace.CoChangedAsync(overlay, Path("src/Drafts.cs"), 100, probe.Token).ConfigureAwait(false), "The files at a revision that no branch holds");
        }),

        new("An overlay takes some files from another revision and leaves the branch where it is", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var next = await probe.CommitAsync(
                workspace, workspace.Base, 1, Text("src/Drafts.cs", "fixed\n"), Text("tests/NewTests.cs", "test\n"), Deleted("src/Other.cs")).ConfigureAwait(false);

            var overlay = await workspace.OverlayAsync(workspace.Base, next, [Path("tests/NewTests.cs"), Path("src/Other.cs"), Path("nowhere.txt")], probe.Token).ConfigureAwait(false);

            Same("test\n", await probe.ReadAsync(workspace, overlay, "tests/NewTests.cs").ConfigureAwait(false), "The new test");
            Same("class Drafts\n{\n    void Save() { }\n}\n", await probe.ReadAsync(workspace, overlay, "src/Drafts.cs").ConfigureAwait(false), "The old code");
            Same(null, await probe.ReadAsync(workspace, overlay, "src/Other.cs").ConfigureAwait(false), "What the other revision deleted");
            SamePaths(["src/Other.cs", "tests/NewTests.cs"], await workspace.ChangedPathsAsync(workspace.Base, overlay, probe.Token).ConfigureAwait(false), "The paths");
            await probe.CommitAsync(workspace, next, 2, Text("README.md", "on the branch\n")).ConfigureAwait(false);
        }),

        new("An overlay with nothing to take is the revision itself", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var next = await probe.CommitAsync(workspace, workspace.Base, 1, Text("README.md", "x\n")).ConfigureAwait(false);

            var overlay = await workspace.OverlayAsync(next, workspace.Base, [Path("src/Drafts.cs")], probe.Token).ConfigureAwait(false);

            Same(next.Tree, overlay.Tree, "The tree");
            Same(next.Change, overlay.Change, "The change");
        }),
    ];
}
