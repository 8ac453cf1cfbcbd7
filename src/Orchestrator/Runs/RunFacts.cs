namespace Orchestrator;

/// <summary>The part of a run's state that hardly ever changes, kept apart so that a new state does not copy it.</summary>
internal sealed record RunFacts(TaskRequest Task, RunEvent.Accepted.Terms Registration, Budget Limits)
{
    public static RunFacts None { get; } = new(new TaskRequest(""), new RunEvent.Accepted.Terms("", "", new Budget()), new Budget());

    public RunId Run { get; init; }

    public long Epoch { get; init; }

    /// <summary>Why the run is paused, or its summary once it has ended.</summary>
    public string Summary { get; init; } = "";

    public bool CancelRequested { get; init; }

    public string CancelReason { get; init; } = "";

    public Budget.Limit? Limit { get; init; }

    public long LastMail { get; init; }

    public int DeciderAttempts { get; init; }

    /// <summary>The first event that this version does not know; empty while there is none.</summary>
    public string UnknownEvent { get; init; } = "";

    public DateTimeOffset AcceptedAt { get; init; }

    public IWorkspace.Revision? Base { get; init; }

    public string Branch { get; init; } = "";

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<string> Artifacts { get; init; } = [];

    public Payload Diff { get; init; }
}
