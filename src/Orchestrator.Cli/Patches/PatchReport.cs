using System.Globalization;
using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>Tells what became of a patch, to a person or to a script.</summary>
internal static class PatchReport
{
    private const int MostRegionLines = 30;

    public static async Task WriteAsync(Surroundings surroundings, PatchResult result, Folder folder, bool written, bool json)
    {
        if (json)
        {
            await CliJson.WriteAsync(surroundings.Out, Json(result, folder, written)).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteAsync(Text(result, folder, written)).ConfigureAwait(false);
        }
    }

    private static object Json(PatchResult result, Folder folder, bool written) => result switch
    {
        PatchResult.Applied applied => new
        {
            type = "patch",
            result = written ? "applied" : "applicable",
            changes = applied.Changes.Select(change => new { path = change.Path, kind = KindOf(change, folder), old_path = change.OldPath, mode = change.File?.Mode }),
            hunks = applied.Hunks.Select(Json),
        },
        PatchResult.Rejected rejected => new
        {
            type = "patch",
            result = "refused",
            hunks = rejected.Good.Select(Json),
            rejects = rejected.Rejects.Select(reject => new
            {
                code = reject.Code,
                path = reject.Path,
                hunk = reject.Hunk,
                patch_line = reject.PatchLine,
                message = reject.Message,
                expected = reject.Expected,
                found = reject.Found,
                nearest = reject.Nearest is { } region ? new { first_line = region.FirstLine, lines = region.Lines } : null,
                hunk_text = reject.HunkText,
            }),
            repair_prompt = rejected.Explanation,
        },
        PatchResult.Conflicted conflicted => new
        {
            type = "patch",
            result = "conflict",
            conflicts = conflicted.Conflicts.Select(conflict => new
            {
                path = conflict.Path,
                base_line = conflict.BaseLine,
                @base = Decode(conflict.Base),
                current = conflict.Current is { } current ? Decode(current) : null,
                patch = conflict.Patch is { } patch ? Decode(patch) : null,
            }),
        },
        _ => throw new System.Diagnostics.UnreachableException(result.GetType().Name),
    };

    private static object Json(PatchResult.HunkReport hunk) => new
    {
        path = hunk.Path,
        hunk = hunk.Hunk,
        line = hunk.Line,
        rung = Tolerances.NameOf(hunk.Rung),
        used = Tolerances.NamesOf(hunk.Used),
        score = hunk.Score,
    };

    private static string Text(PatchResult result, Folder folder, bool written)
    {
        var text = new StringBuilder();
        switch (result)
        {
            case PatchResult.Applied applied:
                applied.Hunks.ToList().ForEach(hunk => Hunk(text, hunk, written ? "applied" : "fits"));
                var moved = applied.Changes.Select(change => change.OldPath).ToHashSet();
                var told = applied.Changes.Where(change => change.File is not null || !moved.Contains(change.Path)).ToList();
                foreach (var change in told)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{KindOf(change, folder),-9} {change.Path}{(change.OldPath is { } old ? $" (from {old})" : "")}\n");
                }

                var files = told.Count == 1 ? "1 file" : $"{told.Count} files";
                text.Append(applied.Changes.Count == 0 ? "The files are as the patch wants them already; nothing to change.\n"
                    : written ? $"Applied: {files} changed.\n"
                    : $"Applicable: {files} would change. Nothing was changed.\n");
                break;
            case PatchResult.Rejected rejected:
                rejected.Good.ToList().ForEach(hunk => Hunk(text, hunk, "fits"));
                foreach (var reject in rejected.Rejects)
                {
                    Reject(text, reject);
                }

                text.Append("Refused: nothing was changed.\n");
                break;
            case PatchResult.Conflicted conflicted:
                foreach (var conflict in conflicted.Conflicts)
                {
                    text.Append(CultureInfo.InvariantCulture, $"conflict  {conflict.Path}:{conflict.BaseLine} both sides changed these lines\n");
                    Lines(text, "now", conflict.Current);
                    Lines(text, "patch", conflict.Patch);
                }

                text.Append("Refused: nothing was changed.\n");
                break;
            default:
                throw new System.Diagnostics.UnreachableException(result.GetType().Name);
        }

        return text.ToString();
    }

    private static void Hunk(StringBuilder text, PatchResult.HunkReport hunk, string word) =>
        text.Append(CultureInfo.InvariantCulture, $"{word,-9} {hunk.Path} hunk {hunk.Hunk} at line {hunk.Line} ({Tolerances.NameOf(hunk.Rung).Replace('_', '-')}, score {hunk.Score:0.00})\n");

    private static void Reject(StringBuilder text, PatchResult.Reject reject)
    {
        var where = reject.Path.Length == 0 ? "the patch" : reject.Path;
        text.Append(CultureInfo.InvariantCulture, $"refused   {Visible(where)}{(reject.Hunk is { } hunk ? $" hunk {hunk}" : "")}: {reject.Code}\n          {Visible(reject.Message)}\n");
        if (reject.Expected is { } expected)
        {
            text.Append(CultureInfo.InvariantCulture, $"          expected: {Visible(expected)}\n");
        }

        if (reject.Found is { } found)
        {
            text.Append(CultureInfo.InvariantCulture, $"          found:    {Visible(found)}\n");
        }

        if (reject.Nearest is { } region)
        {
            text.Append("          nearest:\n");
            for (var i = 0; i < Math.Min(region.Lines.Count, MostRegionLines); i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"          {region.FirstLine + i,6} | {Visible(region.Lines[i])}\n");
            }
        }
    }

    private static void Lines(StringBuilder text, string side, ReadOnlyMemory<byte>? content)
    {
        foreach (var line in content is { } bytes ? Decode(bytes).TrimEnd('\n').Split('\n').Take(MostRegionLines) : ["(deleted)"])
        {
            text.Append(CultureInfo.InvariantCulture, $"          {side,-6} | {Visible(line)}\n");
        }
    }

    private static string KindOf(PatchResult.Change change, Folder folder) => change switch
    {
        { File: null } => "deleted",
        { OldPath: { } } => "moved",
        _ => folder.AsRead(change.Path) is null ? "created" : "modified",
    };

    private static string Decode(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The text without anything that could drive the terminal it is shown on.</summary>
    private static string Visible(string text) => Plain.Line(text);
}
