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

    /// <summary>The largest number of a command that has become an event; zero for none.</summary>
    public long LastMail { get; init; }

    /// <summary>Whether commands wait in its mailbox.</summary>
    public bool HasMail { get; init; }

    /// <summary>A run of which nothing is known but its name: what <see cref="Apply"/> starts from.</summary>
    public static RunSummary Empty(RunId run) => new(run, "", "", RunStatus.Running);

    /// <summary>The summary after one more event: a fold for journals, which need less than the whole state. Owner and mail are the journal's to fill in.</summary>
    public RunSummary Apply(RunEvent.Recorded recorded)
    {
        var summary = recorded.Event switch
        {
            RunEvent.Accepted accepted => this with
            {
                Goal = accepted.Task.Goal,
                Workflow = accepted.Registration.Workflow,
                Tenant = accepted.Task.Tenant,
                AcceptedAt = recorded.At,
            },
            RunEvent.Claimed when Status == RunStatus.Paused => this with { Status = RunStatus.Running },
            RunEvent.Paused => this with { Status = RunStatus.Paused },
            RunEvent.Finished finished => this with { Status = finished.Status },
            RunEvent.QuestionAnswered { Mail: var mail } => this with { LastMail = Math.Max(LastMail, mail) },
            RunEvent.CancelRequested { Mail: var mail } => this with { LastMail = Math.Max(LastMail, mail) },
            RunEvent.BudgetRaised { Mail: var mail } => this with { LastMail = Math.Max(LastMail, mail) },
            RunEvent.CommandRefused { Mail: var mail } => this with { LastMail = Math.Max(LastMail, mail) },
            _ => this,
        };
        return summary with { Sequence = recorded.Sequence, ChangedAt = recorded.At };
    }

    /// <summary>Chooses runs from a journal. What is not set does not restrict.</summary>
    public sealed record Query
    {
        /// <summary>Only runs in one of these states; empty for all.</summary>
        public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

        /// <summary>Only runs of this tenant.</summary>
        public string? Tenant { get; init; }

        /// <summary>At most that many, the newest first.</summary>
        public int Limit { get; init; } = 100;
    }
}
