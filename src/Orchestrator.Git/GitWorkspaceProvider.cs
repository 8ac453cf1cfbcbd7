namespace Orchestrator;

/// <summary>Opens registered git repositories through the installed git. A run's commits are on a branch of its own; the user's checkout, index, HEAD, stash, hooks and configuration stay as they are.</summary>
/// <remarks>Safe for concurrent use. Any number of runs may work on one repository at the same time.</remarks>
public sealed class GitWorkspaceProvider : IWorkspaceProvider
{
    private readonly RepositoryLocator _locator;
    private readonly string _executable;
    private readonly string _checkoutFolder;
    private readonly TimeProvider _time;

    /// <summary>Makes one from its options, which are copied.</summary>
    /// <param name="options">The repositories and how git is used.</param>
    /// <param name="timeProvider">The clock that dates commits and ends commands at their time limits.</param>
    public GitWorkspaceProvider(GitOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        _locator = new RepositoryLocator(options.Executable, new Dictionary<string, GitRepositoryOptions>(options.Repositories, StringComparer.Ordinal), options.AllowPaths);
        _executable = options.Executable;
        _checkoutFolder = options.CheckoutFolder.Length > 0 ? options.CheckoutFolder : Path.Combine(Path.GetTempPath(), "orchestrator-" + Environment.UserName);
        _time = timeProvider;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindProblemAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken)
    {
        try
        {
            await _locator.FindAsync(scope, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (OrchestratorException problem)
        {
            return problem.Message;
        }
    }

    /// <summary>Makes a commit of a checkout as it is now, with its uncommitted changes, and gives the scope that starts a run from it. Ignored files, submodules and repositories inside it are left out.</summary>
    /// <param name="scope">Names the repository; its revision must be empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The scope with its revision set: to the same commit for the same state, to <c>HEAD</c> where nothing is uncommitted.</returns>
    /// <exception cref="OrchestratorException">There is no checkout, it has unresolved conflicts, or its changes are too large; the message says what to do.</exception>
    public async ValueTask<TaskRequest.RepoScope> IncludeUncommittedAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Revision.Length > 0)
        {
            throw new OrchestratorException($"The scope names the revision '{scope.Revision}' already; uncommitted changes belong to the commit that is checked out. Leave the revision empty.");
        }

        var repository = await _locator.FindAsync(scope, cancellationToken).ConfigureAwait(false);
        using var owner = OwnerFolder.Create(_checkoutFolder, default, 0, ProcessTree.OfThisSystem);
        return scope with { Revision = await new CheckoutCommit(_executable, repository, owner).MakeAsync(cancellationToken).ConfigureAwait(false) };
    }

    /// <inheritdoc/>
    public async ValueTask<IWorkspace> OpenAsync(TaskRequest.RepoScope scope, RunId run, IWorkspace.Revision? @base, long epoch, CancellationToken cancellationToken)
    {
        // Once the base is recorded, where HEAD or a branch of that name stands today does not matter any more.
        var repository = await _locator.FindAsync(@base is null ? scope : scope with { Revision = @base.Commit }, cancellationToken).ConfigureAwait(false);
        var owner = OwnerFolder.Create(_checkoutFolder, run, epoch, ProcessTree.OfThisSystem);
        try
        {
            // The user's attributes and index could change what git prints; an empty checkout has neither.
            var empty = owner.MakeFolder("empty");
            var git = new GitCli(
                _executable,
                empty,
                ["--git-dir", repository.CommonFolder, "--work-tree", empty],
                new Dictionary<string, string> { ["GIT_INDEX_FILE"] = Path.Combine(owner.FullPath, "no-index") });
            var refs = await RunRefs.TakeAsync(repository, git, run, @base?.Commit, epoch, cancellationToken).ConfigureAwait(false);
            var tree = refs.Base == repository.Commit
                ? repository.Tree
                : (await git.DemandAsync(["rev-parse", "--verify", "--quiet", refs.Base + "^{tree}"], cancellationToken).ConfigureAwait(false)).Line;
            var start = new IWorkspace.Revision(refs.Base, tree, TreeListing.NoChange);
            var trees = new TreeStore(repository, git, owner);
            var verifier = new Verifier(repository, trees, new Checkout(_executable, repository, owner, start), owner, new CommandRunner(_time, ProcessTree.OfThisSystem));
            return new GitWorkspace(repository, git, run, refs, start, owner, trees, verifier, _time)
            {
                Notes = await OpeningNotes.FindAsync(_executable, repository, start, scope, trees, git, cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
