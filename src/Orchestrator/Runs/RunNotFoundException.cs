namespace Orchestrator;

/// <summary>The journal holds no such run.</summary>
public sealed class RunNotFoundException : OrchestratorException
{
    /// <summary>Makes one for a run.</summary>
    public RunNotFoundException(RunId run)
        : base($"There is no run {run} in this journal; list the runs to see those that are.") => Run = run;

    /// <summary>The run that was asked for.</summary>
    public RunId Run { get; }
}
