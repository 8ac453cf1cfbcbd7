namespace Orchestrator.Testing;

/// <summary>What every <see cref="IWorkspaceProvider"/> must do, sentence by sentence. Run each case in your own tests, under whatever framework they use.</summary>
/// <example>
/// <code>
/// [Theory, MemberData(nameof(Cases))]
/// public Task Keeps(WorkspaceConformanceCase promise) => promise.RunAsync(files => CreateAsync(files));
/// </code>
/// </example>
public static class WorkspaceConformance
{
    /// <summary>Every case, independent of the others.</summary>
    public static IReadOnlyList<WorkspaceConformanceCase> Cases { get; } =
    [
        .. WorkspaceReadConformance.Cases,
        .. WorkspaceCommitConformance.Cases,
        .. WorkspaceOwnershipConformance.Cases,
    ];
}
