using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>Finds the run that the user means by the beginning or the end of its id, or by its branch.</summary>
internal static class RunFinder
{
    public static Argument<string> Argument() => new("run") { Description = "The run: its id, or enough of its beginning or end to tell it apart." };

    /// <summary>The run.</summary>
    /// <exception cref="CliException">There is none, or there are several.</exception>
    public static async Task<RunSummary> FindAsync(IOrchestrator orchestrator, string text, CancellationToken cancellationToken)
    {
        var wanted = (text.StartsWith("orchestrator/", StringComparison.Ordinal) ? text["orchestrator/".Length..] : text).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        var found = new List<RunSummary>();
        await foreach (var run in orchestrator.ListAsync(new RunSummary.Query { Limit = int.MaxValue }, cancellationToken).ConfigureAwait(false))
        {
            var id = run.Run.ToString();
            if (wanted.Length > 0 && (id.StartsWith(wanted, StringComparison.Ordinal) || id.EndsWith(wanted, StringComparison.Ordinal)))
            {
                found.Add(run);
            }
        }

        return found switch
        {
            [var one] => one,
            [] => throw new CliException(ExitCode.BadInput, "run_not_found", $"There is no run '{text}' in this journal; 'orchestrator list' shows those that there are."),
            _ => throw CliException.BadInput($"'{text}' could be {string.Join(", ", found.Take(5).Select(run => run.Run))}{(found.Count > 5 ? $" or {found.Count - 5} more" : "")}; write more of the id."),
        };
    }
}
