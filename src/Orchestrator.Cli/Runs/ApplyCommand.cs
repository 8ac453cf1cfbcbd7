using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator apply</c>: brings a run's change into the user's checkout.</summary>
internal static class ApplyCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "apply", "Brings a run's change into your checkout as uncommitted changes; refused where the checkout is dirty or has moved on.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        var handover = await Handover.OpenAsync(surroundings, record, interrupt).ConfigureAwait(false);
        var done = await handover.ApplyAsync(interrupt).ConfigureAwait(false);
        var note = record.State.Status == RunStatus.Succeeded ? "" : $" Mind that the run ended as {RunText.Word(record.State.Status)}: {Plain.Brief(record.State.Summary, 300)}";
        if (run.Json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "apply", run = record.Run.ToString(), status = record.State.Status, changed = done, paths = handover.Paths }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteLineAsync((done
                ? $"Changed {string.Join(", ", handover.Paths.Select(Plain.Line))} in '{record.State.Task.Scope.Repo}'; nothing is committed. Undo: orchestrator revert {run.Short}{run.JournalHint}"
                : $"'{record.State.Task.Scope.Repo}' has this change already.") + note).ConfigureAwait(false);
        }

        return ExitCode.Succeeded;
    });
}
