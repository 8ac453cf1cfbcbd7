using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>One owner's door to one run's branch in a git repository.</summary>
internal sealed class GitWorkspace(
    LocatedRepository repository,
    GitCli git,
    RunId run,
    RunRefs refs,
    IWorkspace.Revision @base,
    OwnerFolder owner,
    TreeStore trees,
    Verifier verifier,
    TimeProvider time) : IWorkspace
{
    private const string Submodule = "160000";

    private readonly BlobReader _blobs = new(git);
    private readonly History _history = new(git);
    private readonly TestFileGlobs _testFiles = new(repository.Options.TestFiles);
    private int _disposed;

    public IWorkspace.Revision Base => @base;

    public string Branch => refs.Branch;

    public required IReadOnlyList<string> Notes { get; init; }

    public async ValueTask<IWorkspace.File?> ReadAsync(IWorkspace.Revision at, RepoPath path, CancellationToken cancellationToken)
    {
        var tree = await trees.ListAsync(at.Tree, cancellationToken).ConfigureAwait(false);
        return !tree.TryFind(path, out var entry) ? null
            : entry.Mode == Submodule ? new IWorkspace.File(path, null, Submodule)
            : new IWorkspace.File(path, await _blobs.ReadAsync(entry.Id, cancellationToken).ConfigureAwait(false), entry.Mode);
    }

    public async ValueTask<IReadOnlyList<RepoPath>> ListAsync(IWorkspace.Revision at, CancellationToken cancellationToken)
    {
        var tree = await trees.ListAsync(at.Tree, cancellationToken).ConfigureAwait(false);
        return tree.Entries.Any(entry => entry.Mode == Submodule) ? [.. tree.Entries.Where(entry => entry.Mode != Submodule).Select(entry => entry.Path)] : tree.Paths;
    }

    public async ValueTask<IWorkspace.Revision> CommitAsync(IWorkspace.Commit request, CancellationToken cancellationToken)
    {
        var before = await trees.ListAsync(request.Parent.Tree, cancellationToken).ConfigureAwait(false);
        CheckModes(request.Files, before);
        var written = request.Files.Where(file => file.Bytes is not null).ToList();
        var ids = await trees.WriteBlobsAsync([.. written.Select(file => file.Bytes!.Value)], cancellationToken).ConfigureAwait(false);
        var after = before.With(
        [
            .. request.Files.Where(file => file.Bytes is null).Select(file => (file.Path, default(TreeEntry?))),
            .. written.Zip(ids, (file, id) => (file.Path, (TreeEntry?)new TreeEntry(file.Path, file.Mode, id))),
        ]);
        var tree = await trees.WriteTreeAsync(request.Parent.Tree, before, after, cancellationToken).ConfigureAwait(false);
        var message = Encoding.UTF8.GetBytes(CommitMessage.Write(run, request));
        var commit = (await git.DemandAsync(["commit-tree", tree, "-p", request.Parent.Commit, "-F", "-"], cancellationToken, message, Identity()).ConfigureAwait(false)).Line;
        await refs.AdvanceAsync(request.Parent.Commit, commit).ConfigureAwait(false);
        return await RevisionAsync(commit, tree, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IWorkspace.Revision?> FindCommitAsync(CallId call, CancellationToken cancellationToken)
    {
        var tip = await refs.TipAsync(cancellationToken).ConfigureAwait(false);
        var log = await git.DemandAsync(["log", "-z", "--first-parent", "--format=%H%n%T%n%B", $"{Base.Commit}..{tip}"], cancellationToken).ConfigureAwait(false);
        foreach (var entry in log.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = entry.Split('\n', 3);
            if (CommitMessage.TryRead(lines[2], out var author, out var made) && author == run && made == call)
            {
                return await RevisionAsync(lines[0], lines[1], cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    public async ValueTask<IWorkspace.Revision> OverlayAsync(IWorkspace.Revision onto, IWorkspace.Revision from, IReadOnlyList<RepoPath> paths, CancellationToken cancellationToken)
    {
        var before = await trees.ListAsync(onto.Tree, cancellationToken).ConfigureAwait(false);
        var after = before.Overlay(await trees.ListAsync(from.Tree, cancellationToken).ConfigureAwait(false), paths);
        var tree = await trees.WriteTreeAsync(onto.Tree, before, after, cancellationToken).ConfigureAwait(false);

        // A tree is found by its own id; a commit that no branch holds would only be something more to clean up.
        return await RevisionAsync(tree, tree, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<string> DiffAsync(IWorkspace.Revision from, IWorkspace.Revision to, CancellationToken cancellationToken)
    {
        // Binary changes are written in git's own text form, so that 'git apply' takes every diff whole.
        var diff = await git.DemandAsync(
            ["diff-tree", "-r", "-p", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "-U3", from.Tree, to.Tree],
            cancellationToken).ConfigureAwait(false);
        return diff.TextOfAnyFile;
    }

    public async ValueTask<IReadOnlyList<RepoPath>> ChangedPathsAsync(IWorkspace.Revision from, IWorkspace.Revision to, CancellationToken cancellationToken)
    {
        var before = await trees.ListAsync(from.Tree, cancellationToken).ConfigureAwait(false);
        return [.. TreeListing.Compare(before, await trees.ListAsync(to.Tree, cancellationToken).ConfigureAwait(false)).Select(change => change.Path)];
    }

    public string TestCommand => repository.Options.Test;

    public async ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(IWorkspace.Revision at, RepoPath path, int commits, CancellationToken cancellationToken) =>
        CoChange.With(await _history.ChangesAsync(at.Commit, commits, cancellationToken).ConfigureAwait(false), path);

    public bool IsTestFile(RepoPath path) => _testFiles.Matches(path);

    public ValueTask<TestReport> VerifyAsync(IWorkspace.Verification request, CancellationToken cancellationToken) => verifier.RunAsync(request, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await verifier.DisposeAsync().ConfigureAwait(false);
            await _blobs.DisposeAsync().ConfigureAwait(false);
            trees.Dispose();
            owner.Dispose();
        }
    }

    private async ValueTask<IWorkspace.Revision> RevisionAsync(string commit, string tree, CancellationToken cancellationToken)
    {
        var start = await trees.ListAsync(Base.Tree, cancellationToken).ConfigureAwait(false);
        return new(commit, tree, TreeListing.ChangeHash(start, await trees.ListAsync(tree, cancellationToken).ConfigureAwait(false), IsTestFile));
    }

    private static void CheckModes(IReadOnlyList<IWorkspace.File> files, TreeListing before)
    {
        foreach (var file in files)
        {
            if ((before.TryFind(file.Path, out var entry) && entry.Mode == Submodule) || file.Mode == Submodule)
            {
                throw new OrchestratorException($"'{file.Path}' is a submodule, which runs leave alone; make the change in a task on that repository.");
            }

            if (file.Mode is not ("100644" or "100755" or "120000"))
            {
                throw new OrchestratorException($"'{file.Path}' cannot be written with mode {file.Mode}; use 100644, 100755 or 120000.");
            }
        }
    }

    private Dictionary<string, string> Identity()
    {
        var author = repository.Options.Author;
        var open = author.LastIndexOf('<');
        var (name, mail) = open > 0 ? (author[..open].Trim(), author[(open + 1)..].TrimEnd('>', ' ')) : (author.Trim(), "orchestrator@localhost");
        var date = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeSeconds()} +0000");
        return new()
        {
            ["GIT_AUTHOR_NAME"] = name, ["GIT_AUTHOR_EMAIL"] = mail, ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_NAME"] = name, ["GIT_COMMITTER_EMAIL"] = mail, ["GIT_COMMITTER_DATE"] = date,
        };
    }
}
