using System.Text;

namespace Orchestrator;

/// <summary>A repository that lives in this object: for tests, demonstrations and hosts whose files are not in git.</summary>
/// <remarks>
/// Safe for concurrent use. Branches and commits outlive the workspaces opened on them, so that a run can be resumed as long as this object exists.
/// Any repository name opens the same files.
/// </remarks>
public sealed class InMemoryWorkspaceProvider : IWorkspaceProvider
{
    private readonly InMemoryRepository _repository;
    private readonly Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>> _verify;

    /// <summary>Makes one from text files by their paths.</summary>
    /// <param name="files">The files that runs start from.</param>
    /// <param name="verify">Stands for the test command: gets the request and the files of exactly that revision. Without one, nothing can be verified.</param>
    /// <exception cref="FormatException">A path is not one inside a repository.</exception>
    public InMemoryWorkspaceProvider(
        IReadOnlyDictionary<string, string> files,
        Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>>? verify = null)
        : this(files.Select(file => new IWorkspace.File(RepoPath.Parse(file.Key, null), Encoding.UTF8.GetBytes(file.Value))), verify)
    {
    }

    /// <summary>Makes one from files with exact bytes and modes.</summary>
    /// <param name="files">The files that runs start from.</param>
    /// <param name="verify">Stands for the test command: gets the request and the files of exactly that revision. Without one, nothing can be verified.</param>
    public InMemoryWorkspaceProvider(
        IEnumerable<IWorkspace.File> files,
        Func<IWorkspace.Verification, IReadOnlyDictionary<RepoPath, string>, CancellationToken, ValueTask<TestReport>>? verify = null)
    {
        _repository = new InMemoryRepository([.. files]);
        _verify = verify ?? NothingToRun;
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindProblemAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(scope.Revision.Length == 0 || _repository.Knows(scope.Revision)
            ? null
            : $"Revision '{scope.Revision}' is not in this in-memory repository; leave it empty to start from its files.");

    /// <inheritdoc/>
    public async ValueTask<IWorkspace> OpenAsync(TaskRequest.RepoScope scope, RunId run, IWorkspace.Revision? @base, long epoch, CancellationToken cancellationToken)
    {
        var problem = await FindProblemAsync(scope, cancellationToken).ConfigureAwait(false);
        return problem is null
            ? new InMemoryWorkspace(_repository, _repository.Open(run, @base?.Commit ?? scope.Revision, epoch), epoch, _verify)
            : throw new OrchestratorException(problem);
    }

    private static ValueTask<TestReport> NothingToRun(IWorkspace.Verification request, IReadOnlyDictionary<RepoPath, string> files, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new TestReport(request.At.Tree, TestReport.Result.NotRun)
        {
            Output = "This in-memory workspace has no verification; give InMemoryWorkspaceProvider a delegate that stands for the test command.",
        });
}
