namespace Orchestrator.Cli;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunViews
{
    public static IRunView Choose(Surroundings surroundings, RunId run, bool json) =>
        json ? new JsonRunView(surroundings, run)
        : surroundings.IsTerminal ? new LiveRunView(surroundings)
        : new PlainRunView(surroundings);
}
