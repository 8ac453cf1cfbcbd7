using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Patching;

namespace Orchestrator;

/// <summary>
/// A reply's patch of which single hunks do not fit the files that the call is based on. While the model still knows what it wanted, only those are asked for again; what
/// comes back is put together with the hunks that were good.
/// </summary>
internal sealed class PatchTrial
{
    private readonly PatchSet _patch;
    private readonly PatchResult.Rejected _rejected;
    private readonly PatchTree _tree;
    private readonly JsonElement _first;

    private PatchTrial(JsonElement first, PatchSet patch, PatchResult.Rejected rejected, PatchTree tree) => (_first, _patch, _rejected, _tree) = (first, patch, rejected, tree);

    /// <summary>What was wrong with the reply.</summary>
    public string Reason => $"$.patch: {_rejected.Rejects.Count} of its hunks did not fit: {string.Join("; ", _rejected.Rejects.Select(reject => $"{reject.Path} hunk {reject.Hunk}: {reject.Message}"))}";

    /// <summary>What the model is asked for.</summary>
    public string Request => $"{_rejected.RepairPrompt}\nReply as before, with a patch that holds what is listed here and nothing else.";

    /// <summary>Tries a reply's patch.</summary>
    /// <returns>What can be asked for again; <see langword="null"/> where the patch fits, where it can only be made anew as a whole, and where nobody can tell here.</returns>
    public static async ValueTask<PatchTrial?> FailedAsync(JsonElement output, IFileReader files, CancellationToken cancellationToken)
    {
        if (files.Revision is null || TextOf(output) is not { } text || PatchSet.Parse(text) is not { Problems.Count: 0 } patch)
        {
            return null;
        }

        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            foreach (var path in patch.Paths)
            {
                if (RepoPath.TryParse(path, null, out var inside) && await files.ReadAsync(inside, cancellationToken).ConfigureAwait(false) is { } file)
                {
                    contents.Add(path, Encoding.UTF8.GetBytes(file.Text));
                }
            }
        }
        catch (OrchestratorException)
        {
            // A file that is no text: what becomes of the patch is found out where it lands.
            return null;
        }

        var tree = PatchTree.FromFiles(contents);
        return patch.Apply(tree) is PatchResult.Rejected { KeepsGood: true } rejected ? new PatchTrial(output, patch, rejected, tree) : null;
    }

    /// <summary>The first reply with a patch that holds both; <see langword="null"/> where they do not go together. Of the second nothing else was asked for.</summary>
    public JsonElement? Merge(JsonElement second)
    {
        if (TextOf(second) is not { } text || _patch.Repair(_rejected, PatchSet.Parse(text), _tree) is not PatchResult.Applied applied)
        {
            return null;
        }

        var after = applied.Changes.ToDictionary(change => change.Path, change => change.File, StringComparer.Ordinal);
        var changed = PatchTree.FromDelegates(path => after.TryGetValue(path, out var file) ? file : _tree.Read(path), () => _tree.Paths.Union(after.Keys));
        var whole = JsonNode.Parse(_first.GetRawText())!.AsObject();
        whole["patch"] = Encoding.UTF8.GetString(PatchSet.Diff(_tree, changed, after.Keys).Span);
        return JsonElement.Parse(whole.ToJsonString());
    }

    private static string? TextOf(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object && output.TryGetProperty("patch", out var patch) && patch.ValueKind == JsonValueKind.String && patch.GetString() is { Length: > 0 } text ? text : null;
}
