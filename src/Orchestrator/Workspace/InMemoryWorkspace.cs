using System.Text;
using Orchestrator.Patching;

namespace Orchestrator;

/// <summary>One owner's view of one run's branch in an in-memory repository.</summary>
internal sealed class InMemoryWorkspace : IWorkspace
{
    private readonly TestFileGlobs _testFiles = new(TestFileGlobs.Default);
    private readonly InMemoryRepository _repository;
    private readonly InMemoryBranch _branch;
    private readonly long _epoch;
    private readonly Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>> _verify;

    public InMemoryWorkspace(
        InMemoryRepository repository,
        InMemoryBranch branch,
        long epoch,
        Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>> verify)
    {
        (_repository, _branch, _epoch, _verify) = (repository, branch, epoch, verify);
        Base = new IWorkspace.Revision(branch.Base, repository.Commit(branch.Base).Tree, TreeListing.NoChange);
    }

    public IWorkspace.Revision Base { get; }

    public string Branch => $"orchestrator/{_branch.Run.ToString()[^12..]}";

    public IReadOnlyList<string> Notes => [];

    public ValueTask<IWorkspace.File?> ReadAsync(IWorkspace.Revision at, RepoPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_repository.Tree(at.Tree).TryFind(path, out var entry)
            ? new IWorkspace.File(path, _repository.Blob(entry.Id), entry.Mode)
            : null);

    public ValueTask<IReadOnlyList<RepoPath>> ListAsync(IWorkspace.Revision at, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_repository.Tree(at.Tree).Paths);

    public ValueTask<IWorkspace.Revision> CommitAsync(IWorkspace.Commit request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tree = _repository.Tree(request.Parent.Tree).With(_repository.Store(request.Files));
        var id = _repository.AddTree(tree);
        var commit = _repository.Advance(_branch, _epoch, new InMemoryCommit(id, request.Parent.Commit, _branch.Run, request.Call, request.Message));
        return ValueTask.FromResult(Revision(commit, id));
    }

    public ValueTask<IWorkspace.Revision?> FindCommitAsync(CallId call, CancellationToken cancellationToken)
    {
        for (var id = _branch.Tip; id != _branch.Base; id = _repository.Commit(id).Parent)
        {
            if (_repository.Commit(id) is var commit && commit.Call == call)
            {
                return ValueTask.FromResult<IWorkspace.Revision?>(Revision(id, commit.Tree));
            }
        }

        return ValueTask.FromResult<IWorkspace.Revision?>(null);
    }

    public ValueTask<IWorkspace.Revision> OverlayAsync(IWorkspace.Revision onto, IWorkspace.Revision from, IReadOnlyList<RepoPath> paths, CancellationToken cancellationToken)
    {
        var id = _repository.AddTree(_repository.Tree(onto.Tree).Overlay(_repository.Tree(from.Tree), paths));
        return ValueTask.FromResult(Revision(id, id));
    }

    public ValueTask<string> DiffAsync(IWorkspace.Revision from, IWorkspace.Revision to, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Diff(_repository.Tree(from.Tree), _repository.Tree(to.Tree)));

    public ValueTask<IReadOnlyList<RepoPath>> ChangedPathsAsync(IWorkspace.Revision from, IWorkspace.Revision to, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<RepoPath>>(
            [.. TreeListing.Compare(_repository.Tree(from.Tree), _repository.Tree(to.Tree)).Select(change => change.Path)]);

    public ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(IWorkspace.Revision at, RepoPath path, int commits, CancellationToken cancellationToken) =>
        ValueTask.FromResult(CoChange.With(_repository.Changes(at.Commit).Take(commits), path));

    public bool IsTestFile(RepoPath path) => _testFiles.Matches(path);

    public async ValueTask<TestReport> VerifyAsync(IWorkspace.Verification request, CancellationToken cancellationToken)
    {
        var files = _repository.Tree(request.At.Tree).Entries.ToDictionary(entry => entry.Path, entry => Text(entry.Id));
        try
        {
            // Whatever the delegate says about the tree: it was given this one.
            return await _verify(request, files, cancellationToken).ConfigureAwait(false) with { Tree = request.At.Tree };
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new TestReport(request.At.Tree, TestReport.Result.NotRun) { Output = failure.ToString() };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IWorkspace.Revision Revision(string commit, string tree) =>
        new(commit, tree, TreeListing.ChangeHash(_repository.Tree(Base.Tree), _repository.Tree(tree), IsTestFile));

    private string Text(string blob) => Encoding.UTF8.GetString(_repository.Blob(blob).Span);

    private string Diff(TreeListing from, TreeListing to) => Encoding.UTF8.GetString(PatchSet.Diff(
        PatchTree(from), PatchTree(to), TreeListing.Compare(from, to).Select(change => change.Path.Value)).Span);

    private PatchTree PatchTree(TreeListing tree) => Patching.PatchTree.FromDelegates(
        path => tree.TryFind(RepoPath.Parse(path, null), out var entry) ? new PatchTree.File(_repository.Blob(entry.Id), entry.Mode) : null,
        () => tree.Paths.Select(path => path.Value));
}
