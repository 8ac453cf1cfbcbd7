using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator show</c>: where one run stands.</summary>
internal static class ShowCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "show", "Shows where a run stands: its task, its calls, tests, cost, and what can be done next.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        var result = record.ToResult();
        if (run.Json)
        {
            await CliJson.WriteAsync(surroundings.Out, RunJson.Of(record, result, run.Run)).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteAsync(Describe(record, run) + RunText.Of(result, run.Short, run.JournalHint)).ConfigureAwait(false);
        }

        return ExitCode.Succeeded;
    });

    private static string Describe(RunRecord record, OneRun run)
    {
        var board = new RunBoard();
        foreach (var recorded in record.Events)
        {
            board.Add(recorded);
        }

        var state = record.State;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Run:     {record.Run}{(state.Status == RunStatus.Running ? run.Run.Owner.Length > 0 ? $", driven by {run.Run.Owner}" : ", which nobody drives now" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"Goal:    {Plain.Text(state.Task.Goal)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Where:   {state.Task.Scope.Repo}{(state.Base is { } start ? $" from {RunText.Short(start.Commit)}" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"Steps:   {state.Steps}, driven for {RunText.Of(state.ActiveTime)}\n");
        if (board.Rows.Count > 0)
        {
            text.Append('\n');
        }

        foreach (var row in board.Rows)
        {
            var time = row is { Started: { } from, Ended: { } to } ? RunText.Of(to - from) : "";
            text.Append($"  {row.Call,-4} {row.Capability,-30} {row.State,-8} {time,8}  {row.Outcome}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
