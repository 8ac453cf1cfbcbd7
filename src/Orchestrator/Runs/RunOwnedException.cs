namespace Orchestrator;

/// <summary>Another host drives the run. It is in good hands: watch it, or wait until the other host gives it up.</summary>
public sealed class RunOwnedException : OrchestratorException
{
    /// <summary>Makes one for a run and its owner.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">The host that drives it; empty where that is not known.</param>
    public RunOwnedException(RunId run, string owner)
        : base($"Run {run} is driven by {(owner.Length == 0 ? "another host" : $"'{owner}'")}; watch it there, or resume it here after that host has stopped and its lease has run out.")
    {
        Run = run;
        Owner = owner;
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>The host that drives it; empty where that is not known.</summary>
    public string Owner { get; }
}
