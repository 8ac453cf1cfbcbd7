using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>What the ready-made contracts fill in by themselves, beyond files by path.</summary>
internal static class ReadyMadeInputs
{
    /// <summary>Makes a plan step's payload (<c>goal</c>, <c>reads</c>, <c>writes</c>) into the contract's own members.</summary>
    /// <returns>The files that the step is to write; they need not exist yet.</returns>
    public static IReadOnlyList<string> Shape(Type type, JsonObject intent)
    {
        if (type.Assembly != typeof(CodeEdit).Assembly || type.DeclaringType is not { Namespace: "Orchestrator.Contracts" })
        {
            return [];
        }

        var writes = Take(intent, StepPayload.Writes);
        var reads = Take(intent, StepPayload.Reads);
        var paths = Take(intent, "paths");
        writes = writes.Count == 0 ? paths : writes;
        if (type == typeof(CodeEdit.Input))
        {
            SetText(intent, "file_path", writes.FirstOrDefault() ?? reads.FirstOrDefault());
            SetContext(intent, reads);
        }
        else if (type == typeof(CodeEdit.Batch.Input))
        {
            SetTargets(intent, writes);
            SetContext(intent, reads);
        }
        else if (type == typeof(TestWriter.Input))
        {
            Rename(intent, StepPayload.Goal, "behaviour");
            SetText(intent, "test_file", writes.FirstOrDefault());
            SetContext(intent, reads);
        }
        else if (type == typeof(Analysis.Input))
        {
            Rename(intent, StepPayload.Goal, "report");
            SetContext(intent, reads);
        }
        else if (type == typeof(StaticAnalysis.Input))
        {
            intent.Remove(StepPayload.Goal);
            SetList(intent, "files", reads);
        }
        else if (type == typeof(DocWriter.Input))
        {
            SetList(intent, "docs", reads.Count == 0 ? writes : reads);
        }
        else
        {
            SetContext(intent, reads);
        }

        return writes;
    }

    /// <summary>Reads what only the tree can tell.</summary>
    public static async ValueTask FillAsync(Type type, JsonObject intent, IReadOnlyList<string> writes, IFileReader files, CancellationToken cancellationToken)
    {
        if (type == typeof(CodeEdit.Input))
        {
            await FillCodeAsync(intent, writes, files, cancellationToken).ConfigureAwait(false);
        }
        else if (type == typeof(CodeEdit.Batch.Input) && intent["files"] is JsonArray targets)
        {
            for (var index = 0; index < targets.Count; index++)
            {
                if (JsonShape.Text(targets[index]) is { } path)
                {
                    targets[index] = new JsonObject { ["file_path"] = path };
                }

                if (targets[index] is JsonObject target)
                {
                    await FillCodeAsync(target, writes, files, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        else if (type == typeof(TestWriter.Input))
        {
            await FillTestFileAsync(intent, files, cancellationToken).ConfigureAwait(false);
        }
        else if (type == typeof(Planner.Input) || type == typeof(Analysis.Input))
        {
            if (JsonShape.IsMissing(intent["repo_summary"]))
            {
                intent["repo_summary"] = await files.SummariseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else if (type == typeof(Reviewer.Input) || type == typeof(DocWriter.Input) || (type == typeof(StaticAnalysis.Input) && JsonShape.IsMissing(intent["files"])))
        {
            await FillDiffAsync(intent, files, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask FillCodeAsync(JsonObject target, IReadOnlyList<string> writes, IFileReader files, CancellationToken cancellationToken)
    {
        if (target["original_code"] is not null || JsonShape.Text(target["file_path"]) is not { } path)
        {
            return;
        }

        // A file that a plan means to write may be one that it means to create.
        var isNew = writes.Contains(path) && RepoPath.TryParse(path, null, out var parsed)
            && await files.ReadAsync(parsed, cancellationToken).ConfigureAwait(false) is null;
        target["original_code"] = isNew ? "" : (await FileBinder.ReadAsync(path, files, cancellationToken).ConfigureAwait(false)).Text;
    }

    /// <summary>The file for the tests may be one that does not exist yet.</summary>
    private static async ValueTask FillTestFileAsync(JsonObject intent, IFileReader files, CancellationToken cancellationToken)
    {
        var given = intent["test_file"];
        var path = JsonShape.Text(given) ?? JsonShape.Text((given as JsonObject)?["path"]);
        if (path is null || (given as JsonObject)?["code"] is not null || !RepoPath.TryParse(path, null, out var parsed))
        {
            return;
        }

        var file = await files.ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        intent["test_file"] = new JsonObject { ["path"] = path, ["code"] = file?.Text ?? "" };
    }

    private static async ValueTask FillDiffAsync(JsonObject intent, IFileReader files, CancellationToken cancellationToken)
    {
        if (!JsonShape.IsMissing(intent["diff"]))
        {
            return;
        }

        var diff = await files.DiffAsync(cancellationToken).ConfigureAwait(false);
        intent["diff"] = diff.Length > 0
            ? diff
            : throw new InputBindingException("There is no diff to look at: the payload has none, and the run has changed nothing so far. Give 'diff', or call this after an edit.");
    }

    private static List<string> Take(JsonObject intent, string member)
    {
        var paths = JsonShape.Texts(intent[member]);
        intent.Remove(member);
        return paths;
    }

    private static void Rename(JsonObject intent, string from, string to)
    {
        if (JsonShape.IsMissing(intent[to]) && JsonShape.Text(intent[from]) is { } text)
        {
            intent[to] = text;
        }

        intent.Remove(from);
    }

    private static void SetText(JsonObject intent, string member, string? text)
    {
        if (JsonShape.IsMissing(intent[member]) && text is not null)
        {
            intent[member] = text;
        }
    }

    private static void SetList(JsonObject intent, string member, IEnumerable<string> paths)
    {
        if (JsonShape.IsMissing(intent[member]))
        {
            intent[member] = InputBinder.ToArray(paths.Distinct());
        }
    }

    private static void SetTargets(JsonObject intent, List<string> paths)
    {
        if (JsonShape.IsMissing(intent["files"]) && paths.Count > 0)
        {
            intent["files"] = InputBinder.ToArray(paths);
        }
    }

    private static void SetContext(JsonObject intent, IEnumerable<string> paths)
    {
        var own = JsonShape.Text(intent["file_path"]);
        var related = paths.Where(path => path != own).Distinct().ToList();
        if (related.Count > 0 && JsonShape.IsMissing((intent["context"] as JsonObject)?["related_files"]))
        {
            intent["context"] = new JsonObject { ["related_files"] = InputBinder.ToArray(related) };
        }
    }
}
