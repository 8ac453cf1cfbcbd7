namespace Orchestrator;

/// <summary>A run in a list.</summary>
/// <param name="Run">The run.</param>
/// <param name="Goal">The task's goal.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Status">Where the run stands.</param>
public sealed record RunSummary(RunId Run, string Goal, string Workflow, RunStatus Status)
{
    /// <summary>The task's tenant; empty for none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>When the task was accepted.</summary>
    public DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When the last event was appended.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Sequence of the last event.</summary>
    public long Sequence { get; init; }

    /// <summary>The host that drives it now; empty if none does.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether commands wait in its mailbox.</summary>
    public bool HasMail { get; init; }
}
