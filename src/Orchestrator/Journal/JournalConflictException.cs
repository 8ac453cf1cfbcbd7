namespace Orchestrator;

/// <summary>An append did not fit the run's end: somebody else has appended in between, or has claimed the run. Nothing was appended.</summary>
public sealed class JournalConflictException : OrchestratorException
{
    /// <summary>Makes one from what was expected and what was found.</summary>
    public JournalConflictException(RunId run, long expectedSequence, long actualSequence)
        : base(expectedSequence == actualSequence
            ? $"Run {run} is at event {actualSequence}, but the append was not made under its newest claim: another host took it over. Stop, and claim it again before appending."
            : $"Run {run} is at event {actualSequence}, not {expectedSequence}: another host drives it. Stop, read the run again and claim it before appending.")
    {
        Run = run;
        ExpectedSequence = expectedSequence;
        ActualSequence = actualSequence;
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>Where the appender took the run to be.</summary>
    public long ExpectedSequence { get; }

    /// <summary>Where it is; -1 where that is not known.</summary>
    public long ActualSequence { get; }
}
