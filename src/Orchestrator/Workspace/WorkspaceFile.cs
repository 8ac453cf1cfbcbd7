namespace Orchestrator;

/// <summary>A file's bytes as a workspace holds them, or its absence where <see cref="Bytes"/> is <see langword="null"/>.</summary>
/// <param name="Path">Where it stands in the repository.</param>
/// <param name="Bytes">Its content; <see langword="null"/> says, in a change, that the file is deleted.</param>
/// <param name="Mode">Git's file mode: <c>100644</c>, <c>100755</c>, <c>120000</c> (symlink) or <c>160000</c> (submodule).</param>
public sealed record WorkspaceFile(RepoPath Path, ReadOnlyMemory<byte>? Bytes, string Mode = "100644");
