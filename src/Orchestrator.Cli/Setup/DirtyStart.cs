namespace Orchestrator.Cli;

/// <summary>The user's checkout with its uncommitted changes, as a commit that a run starts from.</summary>
/// <param name="Commit">That commit; the same for the same state.</param>
/// <param name="Parent">The commit that is checked out.</param>
/// <param name="Notes">What the user should know.</param>
internal sealed record DirtyStart(string Commit, string Parent, IReadOnlyList<string> Notes)
{
    /// <summary>Makes it.</summary>
    /// <returns>It, or <see langword="null"/> where nothing is uncommitted.</returns>
    /// <param name="surroundings">Where the command runs.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">The revision that the user chose, which must be none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DirtyStart?> TakeAsync(Surroundings surroundings, Repository repository, string revision, CancellationToken cancellationToken)
    {
        if (revision.Length > 0)
        {
            throw CliException.BadInput("--include-dirty starts from your checkout and --revision from a commit; give one of the two.");
        }

        string commit;
        try
        {
            commit = await MakeAsync(surroundings, repository, cancellationToken).ConfigureAwait(false);
        }
        catch (OrchestratorException e)
        {
            throw CliException.BadInput($"--include-dirty: {e.Message}", e);
        }

        var changed = await repository.Git.DemandAsync(cancellationToken, "diff-tree", "-r", "-z", "--no-renames", "--name-only", "HEAD", commit).ConfigureAwait(false);
        if (changed.Parts.Length == 0)
        {
            return null;
        }

        var parent = await repository.Git.DemandAsync(cancellationToken, "rev-parse", commit + "^").ConfigureAwait(false);
        var notes = new List<string> { $"The run starts from {RunText.Short(parent.Line)} with your uncommitted changes at {changed.Parts.Length} {(changed.Parts.Length == 1 ? "path" : "paths")}." };
        var untracked = await repository.Git.DemandAsync(cancellationToken, "ls-files", "-z", "--others", "--exclude-standard").ConfigureAwait(false);
        var inner = untracked.Parts.Where(path => path.EndsWith('/')).ToList();
        if (inner.Count > 0)
        {
            notes.Add($"Left out, being repositories of their own: {string.Join(", ", inner.Take(5).Select(path => $"'{path.TrimEnd('/')}'"))}{(inner.Count > 5 ? $" and {inner.Count - 5} more" : "")}.");
        }

        return new DirtyStart(commit, parent.Line, notes);
    }

    /// <summary>The commit that stands for the checkout as it is now.</summary>
    public static async Task<string> MakeAsync(Surroundings surroundings, Repository repository, CancellationToken cancellationToken)
    {
        var options = new GitOptions { AllowPaths = new GitRepositoryOptions("") };
        var scope = new TaskRequest.RepoScope { Repo = repository.Root };
        return (await new GitWorkspaceProvider(options, surroundings.Time).IncludeUncommittedAsync(scope, cancellationToken).ConfigureAwait(false)).Revision;
    }
}
