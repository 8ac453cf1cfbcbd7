namespace Orchestrator;

/// <summary>Reads files of exactly one revision, and records each read.</summary>
public interface IFileReader
{
    /// <summary>The revision that is read.</summary>
    WorkspaceRevision? Revision { get; }

    /// <summary>Reads a text file.</summary>
    /// <returns>The file, or <see langword="null"/> where there is none at that path.</returns>
    ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken);

    /// <summary>All files of the revision, in ordinal order.</summary>
    ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What the run has changed up to this revision, as a unified diff; empty where nothing has changed.</summary>
    ValueTask<string> DiffAsync(CancellationToken cancellationToken);
}
