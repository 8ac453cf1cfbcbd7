using System.ComponentModel;

namespace Orchestrator.Contracts;

/// <summary>A file and its text, as contracts carry it: <c>{path, code}</c>.</summary>
/// <param name="Path">Where it stands in the repository.</param>
/// <param name="Code">Its whole text. In an input, <see langword="null"/> asks for the text of the call's base tree; a bare path string means the same.</param>
public sealed record CodeFile(
    [property: Description("Path in the repository, relative, with '/'.")] RepoPath Path,
    [property: Description("The whole text of the file.")] string? Code = null)
{
    /// <summary>What a worker may look at beside the thing it works on.</summary>
    public sealed record Context
    {
        /// <summary>Files that help to understand the work; text that is left out is read from the call's base tree.</summary>
        public IReadOnlyList<CodeFile> RelatedFiles { get; init => field = value ?? []; } = [];

        /// <summary>A context of these files, whose text is read from the call's base tree.</summary>
        public static Context Of(params IEnumerable<RepoPath> paths) => new() { RelatedFiles = [.. paths.Select(path => new CodeFile(path))] };
    }
}
