using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator diff</c>: what a run changed.</summary>
internal static class DiffCommand
{
    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "diff", "Writes a run's whole change as a diff that git applies; of a run that goes on, what is committed so far.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        var result = record.ToResult();
        var diff = result.Diff;
        if (diff.Length == 0 && record.State is { Base: { } start, Head: { } head } && start.Tree != head.Tree)
        {
            var git = new Git(record.State.Task.Scope.Repo);
            diff = (await git.DemandAsync(interrupt, "diff-tree", "-r", "-p", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", start.Commit, head.Commit).ConfigureAwait(false)).Text;
        }

        if (run.Json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "diff", run = record.Run.ToString(), status = result.Status, branch = result.Branch, @base = record.State.Base?.Commit, commit = result.Commit, diff }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteAsync(surroundings.IsTerminal ? Plain.Text(diff) : diff).ConfigureAwait(false);
        }

        return ExitCode.Succeeded;
    });
}
