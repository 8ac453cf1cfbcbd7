namespace Orchestrator;

/// <summary>Records that a call read a file: which one, and exactly which content.</summary>
/// <param name="Path">Where the file stands.</param>
/// <param name="Hash">SHA-256 of the whole file's bytes, in lower-case hexadecimal; empty where the file did not exist.</param>
/// <param name="Span">The lines read, where it was not the whole file.</param>
public sealed record FileRead(RepoPath Path, string Hash, LineSpan? Span = null);
