using System.ComponentModel;

namespace Orchestrator.Contracts;

/// <summary>A file and its text, as contracts carry it: <c>{path, code}</c>.</summary>
/// <param name="Path">Where it stands in the repository.</param>
/// <param name="Code">Its whole text. In an input, <see langword="null"/> asks for the text of the call's base tree; a bare path string means the same.</param>
public sealed record CodeFile(
    [property: Description("Path in the repository, relative, with '/'.")] RepoPath Path,
    [property: Description("The whole text of the file.")] string? Code = null);
