namespace Orchestrator.Cli;

/// <summary>Reads one run from a journal, for commands that need to know it before they do anything.</summary>
internal static class StoredRun
{
    public static async Task<(RunSummary Run, RunRecord Record)> ReadAsync(Surroundings surroundings, string journal, string text, CancellationToken cancellationToken)
    {
        var wiring = Wiring.Of(surroundings, Journals.Open(surroundings, journal));
        await using var closing = wiring.ConfigureAwait(false);
        var run = await RunFinder.FindAsync(wiring.Orchestrator, text, cancellationToken).ConfigureAwait(false);
        return (run, await wiring.Orchestrator.ReadAsync(run.Run, cancellationToken).ConfigureAwait(false));
    }
}
