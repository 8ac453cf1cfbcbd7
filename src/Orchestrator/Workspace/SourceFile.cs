namespace Orchestrator;

/// <summary>A file as a worker gets it: its text together with what proves which text that was.</summary>
/// <param name="Path">Where it stands in the repository.</param>
/// <param name="Text">Its text, or the part that <see cref="Span"/> names.</param>
/// <param name="Hash">SHA-256 of the whole file's bytes, in lower-case hexadecimal.</param>
/// <param name="Revision">The commit it was read from.</param>
public sealed record SourceFile(RepoPath Path, string Text, string Hash, string Revision)
{
    /// <summary>The lines that <see cref="Text"/> holds, where it is not the whole file.</summary>
    public LineSpan? Span { get; init; }
}
