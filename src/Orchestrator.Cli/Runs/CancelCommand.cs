using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator cancel</c>: ends a run for good, whoever drives it.</summary>
internal static class CancelCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var reason = new Option<string>("--reason") { Description = "Why, for the record.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        return OneRun.Command(surroundings, "cancel", "Ends a run for good. What it has done so far stays on its branch and on record.", async (run, interrupt) =>
        {
            var status = run.Run.Status;
            if (status <= RunStatus.Paused)
            {
                await run.Orchestrator.CancelAsync(run.Run.Run, run.Parsed.GetValue(reason)!, interrupt).ConfigureAwait(false);
                status = await EndHereAsync(run, interrupt).ConfigureAwait(false);
            }

            var text = status == RunStatus.Cancelled ? $"Cancelled {run.Short}."
                : status <= RunStatus.Paused ? $"Asked {run.Run.Owner} to end {run.Short}; it does so within seconds."
                : $"{run.Short} has ended already: {RunText.Word(status)}.";
            if (run.Json)
            {
                await CliJson.WriteAsync(surroundings.Out, new { type = "cancel", run = run.Run.Run.ToString(), status, message = text }).ConfigureAwait(false);
            }
            else
            {
                await surroundings.Out.WriteLineAsync(text).ConfigureAwait(false);
            }

            return ExitCode.Succeeded;
        }, reason);
    }

    /// <summary>A run that nobody drives has to be driven for a moment to end. Cancellation comes before any call, so nothing is asked or spent.</summary>
    private static async Task<RunStatus> EndHereAsync(OneRun run, CancellationToken interrupt)
    {
        try
        {
            return (await run.Orchestrator.ResumeAsync(run.Run.Run, interrupt).ConfigureAwait(false)).Status;
        }
        catch (RunOwnedException)
        {
            return run.Run.Status;
        }
    }
}
