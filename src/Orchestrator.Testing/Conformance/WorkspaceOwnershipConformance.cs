using static Orchestrator.Testing.WorkspaceProbe;

namespace Orchestrator.Testing;

/// <summary>Owners, epochs, crashes and runs side by side.</summary>
internal static class WorkspaceOwnershipConformance
{
    public static IReadOnlyList<WorkspaceConformanceCase> Cases { get; } =
    [
        new("A later owner shuts a former one out", async probe =>
        {
            var former = await probe.OpenAsync(epoch: 1).ConfigureAwait(false);
            var one = await probe.CommitAsync(former, former.Base, 1, Text("a.txt", "1\n")).ConfigureAwait(false);
            var later = await probe.OpenAsync(epoch: 2, former.Base).ConfigureAwait(false);

            await ThrowsAsync<RunOwnedException>(() => probe.CommitAsync(former, one, 2, Text("a.txt", "2\n")), "A former owner's commit").ConfigureAwait(false);

            Demand(await later.FindCommitAsync(new CallId(2), probe.Token).ConfigureAwait(false) is null, "The former owner's commit must not be on the branch.");
            await probe.CommitAsync(later, one, 2, Text("a.txt", "later\n")).ConfigureAwait(false);
        }),

        new("A former owner still reads", async probe =>
        {
            var former = await probe.OpenAsync(epoch: 1).ConfigureAwait(false);
            await probe.OpenAsync(epoch: 2, former.Base).ConfigureAwait(false);

            Same("# Drafts\n", await probe.ReadAsync(former, former.Base, "README.md").ConfigureAwait(false), "The text");
        }),

        new("Opening under an epoch that has passed is refused", async probe =>
        {
            var current = await probe.OpenAsync(epoch: 5).ConfigureAwait(false);

            await ThrowsAsync<RunOwnedException>(() => probe.OpenAsync(epoch: 4, current.Base), "Opening under a smaller epoch").ConfigureAwait(false);

            await probe.CommitAsync(current, current.Base, 1, Text("a.txt", "1\n")).ConfigureAwait(false);
        }),

        new("After a crash the next owner finds base, branch and commits", async probe =>
        {
            var crashed = await probe.OpenAsync(epoch: 1).ConfigureAwait(false);
            var one = await probe.CommitAsync(crashed, crashed.Base, 1, Text("a.txt", "1\n")).ConfigureAwait(false);
            var two = await probe.CommitAsync(crashed, one, 2, Text("a.txt", "2\n")).ConfigureAwait(false);

            var next = await probe.OpenAsync(epoch: 2, crashed.Base).ConfigureAwait(false);

            Same(crashed.Base, next.Base, "The base");
            Same(crashed.Branch, next.Branch, "The branch");
            Same(two, await next.FindCommitAsync(new CallId(2), probe.Token).ConfigureAwait(false), "The second commit");
            Same("1\n", await probe.ReadAsync(next, one, "a.txt").ConfigureAwait(false), "The first commit's file");
            await probe.CommitAsync(next, two, 3, Text("a.txt", "3\n")).ConfigureAwait(false);
        }),

        new("After a crash before the base was recorded the base is still the same", async probe =>
        {
            var crashed = await probe.OpenAsync(epoch: 1).ConfigureAwait(false);

            var next = await probe.OpenAsync(epoch: 2, from: null).ConfigureAwait(false);

            Same(crashed.Base, next.Base, "The base");
        }),

        new("A commit on a parent where the branch does not stand is refused", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            var one = await probe.CommitAsync(workspace, workspace.Base, 1, Text("a.txt", "1\n")).ConfigureAwait(false);

            await ThrowsAsync<RunOwnedException>(() => probe.CommitAsync(workspace, workspace.Base, 2, Text("b.txt", "2\n")), "A commit on the base").ConfigureAwait(false);

            await probe.CommitAsync(workspace, one, 3, Text("b.txt", "3\n")).ConfigureAwait(false);
        }),

        new("Of two commits on one parent at the same time exactly one is made", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);

            var made = await Task.WhenAll(Enumerable.Range(1, 4).Select(async call =>
            {
                try
                {
                    await probe.CommitAsync(workspace, workspace.Base, call, Text("a.txt", $"{call}\n")).ConfigureAwait(false);
                    return 1;
                }
                catch (RunOwnedException)
                {
                    return 0;
                }
            })).ConfigureAwait(false);

            Same(1, made.Sum(), "The number of commits made");
        }),

        new("Two runs at once have branches of their own", async probe =>
        {
            var one = await probe.OpenAsync().ConfigureAwait(false);
            var other = await probe.OpenAsync(run: new RunId(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0002"))).ConfigureAwait(false);

            var first = await probe.CommitAsync(one, one.Base, 1, Text("a.txt", "one\n")).ConfigureAwait(false);
            var second = await probe.CommitAsync(other, other.Base, 1, Text("a.txt", "other\n")).ConfigureAwait(false);

            Demand(one.Branch != other.Branch && one.Branch.Length > 0, "The branches must differ.");
            Same(first, await one.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false), "The first run's commit");
            Same(second, await other.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false), "The second run's commit");
        }),

        new("What was committed outlives the workspace", async probe =>
        {
            IWorkspace.Revision start, one;
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                start = workspace.Base;
                one = await probe.CommitAsync(workspace, start, 1, Text("a.txt", "1\n")).ConfigureAwait(false);
            }

            var again = await probe.OpenAsync(epoch: 2, start).ConfigureAwait(false);

            Same(one, await again.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false), "The commit");
        }),

        new("A commit that is cancelled before it begins is not made", async probe =>
        {
            var workspace = await probe.OpenAsync().ConfigureAwait(false);
            using var cancelled = new CancellationTokenSource();
            await cancelled.CancelAsync().ConfigureAwait(false);

            await ThrowsAsync<OperationCanceledException>(
                () => workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [Text("a.txt", "1\n")], "No", new CallId(1), "code_edit"), cancelled.Token).AsTask(), "The commit").ConfigureAwait(false);

            Demand(await workspace.FindCommitAsync(new CallId(1), probe.Token).ConfigureAwait(false) is null, "No commit may be there.");
        }),
    ];
}
