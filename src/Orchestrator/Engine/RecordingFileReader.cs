using System.Security.Cryptography;

namespace Orchestrator.Engine;

/// <summary>Reads files of a call's base for its worker, and remembers each read until it is recorded.</summary>
/// <param name="drive">Knows where files are and what was made of trees.</param>
/// <param name="revision">What is read.</param>
internal sealed class RecordingFileReader(DriveContext drive, IWorkspace.Revision? revision) : IFileReader
{
    private List<SourceFile.Reading>? _reads;

    /// <summary>What is recorded already: reading the same once more tells nothing new.</summary>
    private volatile List<SourceFile.Reading>? _taken;

    public IWorkspace.Revision? Revision => revision;

    public async ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken)
    {
        if (drive.Workspace is not { } workspace || revision is null)
        {
            throw new OrchestratorException($"'{path}' cannot be read: this orchestrator has no workspace; register one, with UseGit for example.");
        }

        var file = await workspace.ReadAsync(revision, path, cancellationToken).ConfigureAwait(false);
        if (file?.Bytes is not { } bytes)
        {
            Remember(new SourceFile.Reading(path, ""));
            return null;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        Remember(new SourceFile.Reading(path, hash));
        return new SourceFile(path, TextDecoding.Decode(path, bytes.Span), hash, revision.Commit);
    }

    public ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken) =>
        drive.Workspace is not { } workspace || revision is null ? ValueTask.FromResult<IReadOnlyList<RepoPath>>([]) : workspace.ListAsync(revision, cancellationToken);

    public async ValueTask<string> DiffAsync(CancellationToken cancellationToken) =>
        drive.Workspace is not { } workspace || revision is null ? "" : await workspace.DiffAsync(workspace.Base, revision, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(RepoPath path, int commits, CancellationToken cancellationToken) =>
        drive.Workspace is not { } workspace || revision is null ? [] : await workspace.CoChangedAsync(revision, path, commits, cancellationToken).ConfigureAwait(false);

    public async ValueTask<string> SummariseAsync(CancellationToken cancellationToken)
    {
        if (drive.Workspace is not { } workspace || revision is null)
        {
            return "";
        }

        var summary = await drive.Registry.Summaries.GetAsync($"{drive.Session.State.Task.Scope.Repo}\n{revision.Tree}", this, cancellationToken).ConfigureAwait(false);

        // Kept or not, this call builds on those files.
        foreach (var read in summary.Reads)
        {
            Remember(read);
        }

        return workspace.TestCommand is { Length: > 0 } command ? $"Tests are run with: {drive.Redactor.Redact(command.ReplaceLineEndings(" "))}\n{summary.Text}" : summary.Text;
    }

    /// <summary>The reads since the last time this was asked.</summary>
    public IReadOnlyList<SourceFile.Reading> TakeReads()
    {
        if (Interlocked.Exchange(ref _reads, null) is not { } reads)
        {
            return [];
        }

        _taken = [.. _taken ?? [], .. reads];
        return reads;
    }

    private void Remember(SourceFile.Reading read)
    {
        // A new list each time: whoever takes the reads must not see one grow.
        List<SourceFile.Reading>? before;
        do
        {
            before = Volatile.Read(ref _reads);
            if (before?.Contains(read) == true || _taken?.Contains(read) == true)
            {
                return;
            }
        }
        while (Interlocked.CompareExchange(ref _reads, [.. before ?? [], read], before) != before);
    }
}
