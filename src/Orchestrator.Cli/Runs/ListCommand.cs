using System.CommandLine;
using System.Globalization;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator list</c>: the runs of a journal, the newest first.</summary>
internal static class ListCommand
{
    private const int LongestGoal = 60;

    public static Command Create(Surroundings surroundings)
    {
        var limit = new Option<int>("--limit") { Description = "At most that many.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = new Command("list", "Lists runs, the newest first.") { limit, Journals.Option };
        command.Does(surroundings, async (parsed, interrupt) =>
        {
            var (path, _) = Journals.Locate(surroundings, parsed);
            var runs = File.Exists(path) ? await ReadAsync(surroundings, path, Math.Max(1, parsed.GetValue(limit)), interrupt).ConfigureAwait(false) : [];
            if (CommonOptions.IsJson(parsed))
            {
                await CliJson.WriteAsync(surroundings.Out, new { type = "runs", journal = path, runs = runs.Select(RunJson.Of) }).ConfigureAwait(false);
                return ExitCode.Succeeded;
            }

            if (runs.Count == 0)
            {
                await surroundings.Out.WriteLineAsync($"No runs in '{path}'.").ConfigureAwait(false);
            }

            foreach (var run in runs)
            {
                var state = run.Status == RunStatus.Running && run.Owner.Length == 0 ? "stopped" : RunText.Word(run.Status);
                await surroundings.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{RunText.Short(run.Run)}  {state,-9}  {run.AcceptedAt.UtcDateTime:yyyy-MM-dd HH:mm}Z  {run.Workflow,-8}  {Plain.Brief(run.Goal, LongestGoal)}")).ConfigureAwait(false);
            }

            return ExitCode.Succeeded;
        });
        return command;
    }

    private static async Task<IReadOnlyList<RunSummary>> ReadAsync(Surroundings surroundings, string path, int limit, CancellationToken cancellationToken)
    {
        var wiring = Wiring.Of(surroundings, Journals.Open(surroundings, path));
        await using var closing = wiring.ConfigureAwait(false);
        var runs = new List<RunSummary>();
        await foreach (var run in wiring.Orchestrator.ListAsync(new RunSummary.Query { Limit = limit }, cancellationToken).ConfigureAwait(false))
        {
            runs.Add(run);
        }

        return runs;
    }
}
