namespace Orchestrator;

/// <summary>Asks a workspace for one run of its tests.</summary>
/// <param name="At">The revision to test.</param>
public sealed record VerifyRequest(WorkspaceRevision At)
{
    /// <summary>Ids of the tests to run; empty for all. A repository that cannot run a subset runs all.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>How long the command may take; <see langword="null"/> for the repository's own limit.</summary>
    public TimeSpan? TimeLimit { get; init; }
}
