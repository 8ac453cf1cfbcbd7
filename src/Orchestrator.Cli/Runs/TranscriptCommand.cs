using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator transcript</c>: the whole record of a run.</summary>
internal static class TranscriptCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "transcript", "Writes the whole record of a run as Markdown, or every event as a line of JSON.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        await surroundings.Out.WriteAsync(run.Json ? record.ToJsonLines() : Plain.Text(record.ToMarkdown())).ConfigureAwait(false);
        return ExitCode.Succeeded;
    });
}
