namespace Orchestrator;

/// <summary>A run as its events tell it: a pure fold, immutable, and the same for the same events.</summary>
/// <remarks>
/// Safe for concurrent use; a later state never changes an earlier one. Models never see it raw.
/// </remarks>
public sealed record TaskState
{
    internal TaskState(RunId run) => Facts = RunFacts.None with { Run = run };

    /// <summary>The version of the fold; snapshots made by another version are ignored.</summary>
    public const int FoldVersion = 1;

    /// <summary>The run.</summary>
    public RunId Run => Facts.Run;

    /// <summary>Sequence of the last event.</summary>
    public long Sequence { get; internal set; }

    /// <summary>When the last event was appended.</summary>
    public DateTimeOffset At { get; internal set; }

    /// <summary>Where the run stands.</summary>
    public RunStatus Status { get; internal set; }

    /// <summary>Why the run is paused, or its summary once it has ended.</summary>
    public string Summary => Facts.Summary;

    /// <summary>The task.</summary>
    public TaskRequest Task => Facts.Task;

    /// <summary>What the run was accepted under.</summary>
    public RunEvent.Accepted.Terms Registration => Facts.Registration;

    /// <summary>The limits that hold now.</summary>
    public Budget Limits => Facts.Limits;

    /// <summary>Where the repository stood at the start; <see langword="null"/> before it was opened.</summary>
    public IWorkspace.Revision? Base => Facts.Base;

    /// <summary>The branch that the run's commits are on; empty where there is none.</summary>
    public string Branch => Facts.Branch;

    /// <summary>What a person should know about how the repository was opened.</summary>
    public IReadOnlyList<string> Notes => Facts.Notes;

    /// <summary>Where the run's branch stands.</summary>
    public IWorkspace.Revision? Head { get; internal set; }

    /// <summary>Epoch of the owner; zero before anybody has driven it.</summary>
    public long Epoch => Facts.Epoch;

    /// <summary>The plan; empty before one was made.</summary>
    public Plan Plan => PlanProgress.Plan;

    /// <summary>All calls, in the order they came about.</summary>
    public IReadOnlyList<CallState> Calls => Ledger;

    /// <summary>The calls that have not ended.</summary>
    public IReadOnlyList<CallState> OpenCalls => Ledger.Open;

    /// <summary>How many decisions were taken, rejected ones included.</summary>
    public int Steps { get; internal set; }

    /// <summary>The last decision that was carried out.</summary>
    public Decision? LastDecision { get; internal set; }

    /// <summary>Sequence of the last decision, deferral or rejection.</summary>
    public long LastDecisionSequence { get; internal set; }

    /// <summary>Why the decider's last answer could not be carried out; empty once one could.</summary>
    public string LastRejection { get; internal set; } = "";

    /// <summary>The last verdicts that did not let pass, the newest last; at most thirty-two.</summary>
    public IReadOnlyList<RunEvent.VerdictGiven> Objections { get; internal set; } = [];

    /// <summary>Tokens used so far, and by whom it is not said.</summary>
    public TokenUsage Usage => Spending.Used;

    /// <summary>Money spent so far on models that have a price.</summary>
    public decimal Cost => Spending.Cost;

    /// <summary>Time of active driving so far.</summary>
    public TimeSpan ActiveTime { get; internal set; }

    /// <summary>Whether the run has ended.</summary>
    public bool HasEnded => Status > RunStatus.Paused;

    internal RunFacts Facts { get; set; }

    internal CallLedger Ledger { get; set; } = CallLedger.Empty;

    internal PlanProgress PlanProgress { get; set; } = PlanProgress.None;

    internal Spending Spending { get; set; } = Spending.None;

    /// <summary>What was spent when a call or a decision last ended: the same however often the same question is put.</summary>
    internal Spending Told { get; set; } = Spending.None;

    /// <summary>How many decisions in a row were rejected.</summary>
    internal int Rejections { get; set; }

    internal DeferredDecision? Deferred { get; set; }

    /// <summary>The last event that the decider had seen when it took the last decision.</summary>
    internal long LastBasedOn { get; set; }

    internal long LastCallEndedAt { get; set; }

    internal long LastCallFailedAt { get; set; }

    internal bool CancelRequested => Facts.CancelRequested;

    internal Budget.Limit? Limit => Facts.Limit;

    internal long LastMail => Facts.LastMail;

    internal int DeciderAttempts => Facts.DeciderAttempts;

    internal string UnknownEvent => Facts.UnknownEvent;

    /// <summary>The call of that name, or <see langword="null"/> if there is none.</summary>
    public CallState? Find(CallId id) => Ledger.Find(id);

    /// <summary>The call that carries out a plan step, or <see langword="null"/> if it has none yet.</summary>
    public CallState? FindStep(string step) => PlanProgress.Calls.TryGetValue(step, out var id) ? Ledger.Find(id) : null;

    /// <summary>The newest call of a capability, or <see langword="null"/> if there is none.</summary>
    public CallState? Latest(string capability)
    {
        for (var number = Ledger.Count; number > 0; number--)
        {
            if (Ledger.Find(new CallId(number)) is { } call && call.Call.Capability == capability)
            {
                return call;
            }
        }

        return null;
    }

    /// <summary>The run as a model that decides gets to see it: goal, rules, plan, calls with what came of them, objections, and what is left of the budget.</summary>
    /// <param name="tokenBudget">About how many tokens it may take, whatever the size of the run; what does not fit is counted instead of shown.</param>
    /// <remarks>The same events give the same text, in whatever process and at whatever time: it holds no clock, no sequence and no owner.</remarks>
    public string DeciderView(int tokenBudget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokenBudget);
        return Orchestrator.DeciderView.Render(this, tokenBudget);
    }

    /// <summary>The state after one more event.</summary>
    /// <exception cref="JournalCorruptException">The event cannot follow this state.</exception>
    public TaskState Apply(RunEvent.Recorded recorded) => StateFold.Apply(this, [recorded]);

    /// <summary>The state of a run after all its events.</summary>
    /// <exception cref="JournalCorruptException">The events are not one run's, whole and in order.</exception>
    public static TaskState Fold(RunId run, IEnumerable<RunEvent.Recorded> events)
    {
        var state = new TaskState(run);
        foreach (var recorded in events)
        {
            state = state.Apply(recorded);
        }

        return state;
    }
}
