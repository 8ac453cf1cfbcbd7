using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator revert</c>: takes a run's change out of the user's checkout again.</summary>
internal static class RevertCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "revert", "Takes a run's change out of your checkout again, where 'apply' brought it and you have not changed those files since.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        var handover = await Handover.OpenAsync(surroundings, record, interrupt).ConfigureAwait(false);
        var done = await handover.RevertAsync(interrupt).ConfigureAwait(false);
        if (run.Json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "revert", run = record.Run.ToString(), changed = done, paths = handover.Paths }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteLineAsync(done
                ? $"Restored {string.Join(", ", handover.Paths.Select(Plain.Line))} in '{record.State.Task.Scope.Repo}'. The run's branch is still there: {record.State.Branch}"
                : $"'{record.State.Task.Scope.Repo}' does not have this change; nothing to take out.").ConfigureAwait(false);
        }

        return ExitCode.Succeeded;
    });
}
