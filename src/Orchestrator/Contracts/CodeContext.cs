namespace Orchestrator.Contracts;

/// <summary>What a worker may look at beside the thing it works on.</summary>
public sealed record CodeContext
{
    /// <summary>Files that help to understand the work; text that is left out is read from the call's base tree.</summary>
    public IReadOnlyList<CodeFile> RelatedFiles { get; init => field = value ?? []; } = [];

    /// <summary>A context of these files, whose text is read from the call's base tree.</summary>
    public static CodeContext Of(params IEnumerable<RepoPath> paths) => new() { RelatedFiles = [.. paths.Select(path => new CodeFile(path))] };
}
