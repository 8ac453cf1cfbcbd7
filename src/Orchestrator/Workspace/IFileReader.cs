namespace Orchestrator;

/// <summary>Reads files of exactly one revision, and records each read.</summary>
public interface IFileReader
{
    /// <summary>The revision that is read.</summary>
    IWorkspace.Revision? Revision { get; }

    /// <summary>Reads a text file.</summary>
    /// <returns>The file, or <see langword="null"/> where there is none at that path.</returns>
    ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken);

    /// <summary>All files of the revision, in ordinal order.</summary>
    ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What the run has changed up to this revision, as a unified diff; empty where nothing has changed.</summary>
    ValueTask<string> DiffAsync(CancellationToken cancellationToken);

    /// <summary>Files that changed together with one file at least twice in the commits before this revision, those that did so most often first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="commits">How many commits to look back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The files, or none where there is no history.</returns>
    ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(RepoPath path, int commits, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<RepoPath>>([]);

    /// <summary>What the repository is, for a model that plans or explains: size, languages, how it is built and tested, layout. Bounded, whatever its size.</summary>
    async ValueTask<string> SummariseAsync(CancellationToken cancellationToken) => (await RepoSummary.OfAsync(this, cancellationToken).ConfigureAwait(false)).Text;
}
