namespace Orchestrator;

/// <summary>Chooses runs from a journal. What is not set does not restrict.</summary>
public sealed record RunQuery
{
    /// <summary>Only runs in one of these states; empty for all.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Only runs of this tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>At most that many, the newest first.</summary>
    public int Limit { get; init; } = 100;
}
