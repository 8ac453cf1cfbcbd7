using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator watch</c>: looks on while another process drives a run.</summary>
internal static class WatchCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "watch", "Shows a run's events as they come, until it ends or waits for a person. Interrupting it does not touch the run.", async (run, interrupt) =>
    {
        if (!run.Json && run.Run is { Status: RunStatus.Running, Owner: "" })
        {
            await surroundings.Error.WriteLineAsync($"Nobody drives this run now; go on with: orchestrator resume {run.Short}{run.JournalHint}").ConfigureAwait(false);
        }

        var view = RunViews.Choose(surroundings, run.Run.Run, run.Json);
        await using (view.ConfigureAwait(false))
        {
            await foreach (var recorded in run.Orchestrator.WatchAsync(run.Run.Run, cancellationToken: interrupt).ConfigureAwait(false))
            {
                await view.ShowAsync(recorded).ConfigureAwait(false);
                if (recorded.Event is RunEvent.Paused && (await run.ReadAsync(interrupt).ConfigureAwait(false)).State is { Status: RunStatus.Paused } state && state.Sequence == recorded.Sequence)
                {
                    break;
                }
            }
        }

        var result = (await run.ReadAsync(interrupt).ConfigureAwait(false)).ToResult();
        await new Driving(surroundings, run.Orchestrator, run.Json, run.JournalHint).TellAsync(result).ConfigureAwait(false);
        return ExitCode.Of(result.Status);
    });
}
