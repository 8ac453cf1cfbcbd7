namespace Orchestrator;

/// <summary>A file as a worker gets it: its text together with what proves which text that was.</summary>
/// <param name="Path">Where it stands in the repository.</param>
/// <param name="Text">Its text, or the part that <see cref="Span"/> names.</param>
/// <param name="Hash">SHA-256 of the whole file's bytes, in lower-case hexadecimal.</param>
/// <param name="Revision">The commit it was read from.</param>
public sealed record SourceFile(RepoPath Path, string Text, string Hash, string Revision)
{
    /// <summary>The lines that <see cref="Text"/> holds, where it is not the whole file.</summary>
    public SourceFile.Lines? Span { get; init; }

    /// <summary>A range of lines, both ends included, counted from one.</summary>
    /// <param name="First">The first line.</param>
    /// <param name="Last">The last line.</param>
    public readonly record struct Lines(int First, int Last);

    /// <summary>Records that a call read a file: which one, and exactly which content.</summary>
    /// <param name="Path">Where the file stands.</param>
    /// <param name="Hash">SHA-256 of the whole file's bytes, in lower-case hexadecimal; empty where the file did not exist.</param>
    /// <param name="Span">The lines read, where it was not the whole file.</param>
    public sealed record Reading(RepoPath Path, string Hash, SourceFile.Lines? Span = null);
}
