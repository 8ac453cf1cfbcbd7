using System.Security.Cryptography;

namespace Orchestrator;

/// <summary>Reads files of one revision of a workspace and keeps a list of what was read.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="revision">The revision that is read.</param>
internal sealed class TreeReader(IWorkspace workspace, WorkspaceRevision revision) : IFileReader
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RepoPath, FileRead> _reads = [];

    public WorkspaceRevision? Revision => revision;

    /// <summary>What was read since the last time, in ordinal order.</summary>
    public IReadOnlyList<FileRead> TakeReads()
    {
        lock (_gate)
        {
            FileRead[] taken = [.. _reads.Values.OrderBy(read => read.Path)];
            _reads.Clear();
            return taken;
        }
    }

    /// <exception cref="InvalidInputException">The file is not text.</exception>
    public async ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken)
    {
        var file = await workspace.ReadAsync(revision, path, cancellationToken).ConfigureAwait(false);
        if (file?.Bytes is not { } bytes)
        {
            Record(new FileRead(path, ""));
            return null;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        Record(new FileRead(path, hash));
        return TextDecoder.TryDecode(bytes.Span, out var text)
            ? new SourceFile(path, text, hash, revision.Commit)
            : throw new InvalidInputException($"'{path}' is not a text file ({bytes.Length} bytes); name a text file instead.");
    }

    public ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken) => workspace.ListAsync(revision, cancellationToken);

    public ValueTask<string> DiffAsync(CancellationToken cancellationToken) => workspace.DiffAsync(workspace.Base, revision, cancellationToken);

    private void Record(FileRead read)
    {
        lock (_gate)
        {
            _reads[read.Path] = read;
        }
    }
}
