using System.CommandLine;
using System.Text.Json;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator diff</c>: what a run changed.</summary>
internal static class DiffCommand
{
    private static readonly Option<string?> Call = new("--call") { Description = "One call, such as c3: what it proposes, committed or not, instead of the run's whole change.", HelpName = "CALL" };

    public static Command Create(Surroundings surroundings) => OneRun.Command(surroundings, "diff", "Writes a run's whole change as a diff that git applies; of a run that goes on, what is committed so far.", async (run, interrupt) =>
    {
        var record = await run.ReadAsync(interrupt).ConfigureAwait(false);
        if (run.Parsed.GetValue(Call) is { } call)
        {
            await ProposedAsync(surroundings, run, record, call).ConfigureAwait(false);
            return ExitCode.Succeeded;
        }

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
    }, Call);

    /// <summary>Writes what a call's worker replied: its patch as it came, and files that it gave as a whole.</summary>
    private static async Task ProposedAsync(Surroundings surroundings, OneRun run, RunRecord record, string name)
    {
        if (!CallId.TryParse(name, null, out var id) || record.State.Calls.FirstOrDefault(each => each.Id == id) is not { } call)
        {
            throw CliException.BadInput($"--call: the run has no call '{Plain.Line(name)}'; it has {(record.State.Calls.Count == 0 ? "none" : $"c1 to c{record.State.Calls.Count}")}.");
        }

        var reply = call.Reply ?? call.Result;
        var output = reply is null ? default : record.Read(reply.Output);
        var patch = Text(output, "patch");
        var files = output.ValueKind == JsonValueKind.Object && output.TryGetProperty("files", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(file => (Path: Text(file, "path"), Code: Text(file, "code"))).Where(file => file.Path.Length > 0).ToList()
            : [];
        if (patch.Length == 0 && files.Count == 0)
        {
            throw CliException.Refused($"{id} ('{call.Call.Capability}') proposes no change{(reply is null ? " so far" : "")}.");
        }

        if (run.Json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "proposal", run = record.Run.ToString(), call = id.ToString(), capability = call.Call.Capability, patch, files = files.Select(file => new { path = file.Path, code = file.Code }) }).ConfigureAwait(false);
            return;
        }

        var text = string.Concat(files.Select(file => $"{file.Path}, the whole file:\n{WithEnd(file.Code)}").Prepend(WithEnd(patch)));
        await surroundings.Out.WriteAsync(surroundings.IsTerminal ? Plain.Text(text) : text).ConfigureAwait(false);
    }

    private static string WithEnd(string text) => text.Length == 0 || text[^1] == '\n' ? text : text + "\n";

    private static string Text(JsonElement json, string member) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
