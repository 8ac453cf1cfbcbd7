using System.Text;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Patching;

namespace Orchestrator;

/// <summary>Keeps a model from writing over lines that it was never given.</summary>
internal static class SeenCheck
{
    /// <summary>What is wrong with a reply's change, in words that the model can act on.</summary>
    /// <param name="output">The reply.</param>
    /// <param name="seen">The files that it knows only in part.</param>
    /// <param name="looked">Lines that it has looked up since, by file.</param>
    public static IReadOnlyList<Violation> FindProblems(JsonElement output, IReadOnlyList<SeenFile> seen, IReadOnlyList<(string Path, SourceFile.Lines Lines)> looked)
    {
        if (seen.Count == 0 || output.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var byPath = seen.GroupBy(file => file.Path, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.First() with { Lines = [.. group.SelectMany(file => file.Lines), .. looked.Where(each => each.Path == group.Key).Select(each => each.Lines)] },
            StringComparer.Ordinal);
        var problems = new List<Violation>();
        FindReplaced(output, byPath, problems);
        if (output.TryGetProperty("patch", out var patch) && patch.ValueKind == JsonValueKind.String && patch.GetString() is { Length: > 0 } text)
        {
            FindStray(PatchSet.Parse(text), byPath, problems);
        }

        return problems;
    }

    private static void FindReplaced(JsonElement output, Dictionary<string, SeenFile> seen, List<Violation> problems)
    {
        if (!output.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var file in files.EnumerateArray())
        {
            if (file.ValueKind == JsonValueKind.Object && file.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String && seen.TryGetValue(path.GetString()!, out var known))
            {
                problems.Add(Replaces("$.files", known));
            }
        }
    }

    private static void FindStray(PatchSet patch, Dictionary<string, SeenFile> seen, List<Violation> problems)
    {
        if (patch.Problems.Count > 0)
        {
            // Refused whole where it would land, with these reasons.
            return;
        }

        var edits = new List<FileEdit>();
        foreach (var edit in patch.Edits)
        {
            var file = ((string[])[edit.Path, edit.ReadPath, .. edit.Alternatives]).Select(path => seen.GetValueOrDefault(path)).FirstOrDefault(file => file is not null);
            if (file is null)
            {
                continue;
            }

            if (edit.Kind is EditKind.Write or EditKind.Create or EditKind.Copy || edit.Binary is not null)
            {
                problems.Add(Replaces("$.patch", file));
            }
            else if (edit.Hunks.Count > 0)
            {
                edits.Add(edit);
            }
        }

        if (edits.Count == 0)
        {
            return;
        }

        var tree = PatchTree.FromFiles(seen.Values.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text), StringComparer.Ordinal));
        var placed = new PatchSet(patch.Text, edits, []).Apply(tree) switch
        {
            PatchResult.Applied applied => applied.Hunks,
            PatchResult.Rejected rejected => rejected.Good,
            _ => [],
        };
        foreach (var hunk in placed)
        {
            var edit = edits.Find(each => each.Path == hunk.Path || each.ReadPath == hunk.Path || each.Alternatives.Contains(hunk.Path));
            var file = edit is null ? null : seen.GetValueOrDefault(hunk.Path) ?? seen.GetValueOrDefault(edit.ReadPath);

            // A file that is named twice counts its hunks once for each time; then the first line has to do.
            var lines = edit?.Hunks.ElementAtOrDefault(hunk.Hunk - 1)?.CountOld() ?? 1;
            if (file is not null && !Covers(file, hunk.Line, hunk.Line + Math.Max(1, lines) - 1))
            {
                problems.Add(new Violation("$.patch", FormattableString.Invariant($"hunk {hunk.Hunk} of '{hunk.Path}' lands at line {hunk.Line}, which you were not given; {Given(file)}. Change only lines that you have seen, and count lines as the whole file does")));
            }
        }
    }

    private static bool Covers(SeenFile file, int first, int last)
    {
        var merged = FilePart.Merge(file.Lines.Select(span => (span.First, span.Last)), int.MaxValue);
        return merged.Any(span => span.First <= first && last <= span.Last);
    }

    private static Violation Replaces(string member, SeenFile file) => new(
        member, $"replaces '{file.Path}' as a whole, which would lose every line that you were not given; {Given(file)}. Give the change as a unified diff whose hunks lie within those lines");

    private static string Given(SeenFile file) => file.Lines.Count == 0
        ? "you were given no line of it"
        : $"you were given lines {string.Join(", ", FilePart.Merge(file.Lines.Select(span => (span.First, span.Last)), int.MaxValue).Select(FilePart.Write))} of {FilePart.LinesOf(file.Text).Length.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
