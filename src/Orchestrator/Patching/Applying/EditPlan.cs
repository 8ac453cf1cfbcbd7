namespace Orchestrator.Patching;

/// <summary>Settles which files the edits mean and brings sections on the same file together.</summary>
internal static class EditPlan
{
    public static IReadOnlyList<FileEdit> Resolve(PatchSet patch, PatchTree tree, List<PatchResult.Reject> rejects)
    {
        var byPath = new Dictionary<string, FileEdit>(StringComparer.Ordinal);
        var plan = new List<FileEdit>();
        foreach (var edit in patch.Edits)
        {
            if (Settle(edit, tree, rejects) is not { } settled)
                continue;
            if (!byPath.TryGetValue(settled.Path, out var earlier))
            {
                byPath.Add(settled.Path, settled);
                plan.Add(settled);
            }
            else if (Join(earlier, settled, patch.Text) is { } joined)
            {
                byPath[settled.Path] = joined;
                plan[plan.IndexOf(earlier)] = joined;
            }
            else if (IsTypeChange(earlier, settled))
            {
                plan.Add(settled);
            }
            else
            {
                rejects.Add(Disagree(settled.Path, settled.PatchLine));
            }
        }
        CheckSources(plan, rejects);
        return plan;
    }

    private static PatchResult.Reject Disagree(string path, int line) =>
        new(PatchResult.Reject.Codes.SectionsDisagree, path, "Two sections of the patch contradict each other about this file; merge them into one.") { PatchLine = line };

    /// <summary>Chooses among the readings of a path in doubt the one that names a file.</summary>
    private static FileEdit? Settle(FileEdit edit, PatchTree tree, List<PatchResult.Reject> rejects)
    {
        if (edit.MayFill && PathRules.Problem(edit.Path) is null && tree.Read(edit.Path) is { Content.IsEmpty: true })
            return edit with { Kind = EditKind.Modify };
        if (edit.Alternatives.Count == 0 || edit.Kind is EditKind.Create or EditKind.Write)
            return edit;
        string[] readings = [edit.Path, .. edit.Alternatives];
        var existing = readings.Distinct(StringComparer.Ordinal).Where(path => PathRules.Problem(path) is null && tree.Read(path) is not null).ToList();
        if (existing.Count == 0)
            return edit;
        if (existing.Count == 1 || (edit.Names is { } names && names.Old != names.New && existing[0] == edit.Path) || (edit.Kind == EditKind.Delete && existing[0] == edit.Path))
            return edit with { Path = existing[0], Alternatives = [] };
        rejects.Add(new(PatchResult.Reject.Codes.SectionsDisagree, edit.Path, $"The header may mean {string.Join(" or ", existing)}; write it with the prefixes a/ and b/.") { PatchLine = edit.PatchLine });
        return null;
    }

    private static FileEdit? Join(FileEdit earlier, FileEdit later, LineTable text)
    {
        if (earlier.Kind != later.Kind || earlier.Source != later.Source)
            return null;
        if (SameHunks(earlier.Hunks, later.Hunks, text) && earlier.Binary is null && later.Binary is null && earlier.Kind != EditKind.Write && earlier.NewMode == later.NewMode)
            return earlier;
        if (earlier.Kind == EditKind.Write && later.Kind == EditKind.Write && earlier.Content.Span.SequenceEqual(later.Content.Span))
            return earlier;
        if (earlier.Kind != EditKind.Modify || earlier.Binary is not null || later.Binary is not null)
            return null;
        if (earlier.NewMode is not null && later.NewMode is not null && (earlier.NewMode != later.NewMode || earlier.OldMode != later.OldMode))
            return null;
        return earlier with
        {
            OldMode = earlier.OldMode ?? later.OldMode,
            NewMode = earlier.NewMode ?? later.NewMode,
            NewBlob = null,
            Hunks = [.. earlier.Hunks, .. later.Hunks.Select(hunk => hunk with { Number = hunk.Number + earlier.Hunks.Count })],
        };
    }

    private static bool SameHunks(IReadOnlyList<Hunk> left, IReadOnlyList<Hunk> right, LineTable text)
    {
        if (left.Count != right.Count)
            return false;
        for (var h = 0; h < left.Count; h++)
        {
            var (one, two) = (left[h].Lines, right[h].Lines);
            if (one.Length != two.Length || left[h].OldStart != right[h].OldStart)
                return false;
            for (var i = 0; i < one.Length; i++)
            {
                if (one[i].Kind != two[i].Kind || one[i].NoNewline != two[i].NoNewline || !text.Slice(one[i].Start, one[i].Length).SequenceEqual(text.Slice(two[i].Start, two[i].Length)))
                    return false;
            }
        }
        return true;
    }

    /// <summary>A file that becomes a link, or the other way: git writes it as a deletion and a creation.</summary>
    private static bool IsTypeChange(FileEdit earlier, FileEdit later) =>
        earlier.Kind == EditKind.Delete && later.Kind == EditKind.Create && earlier.OldMode is not null && later.NewMode is not null && earlier.OldMode[..2] != later.NewMode[..2];

    private static void CheckSources(List<FileEdit> plan, List<PatchResult.Reject> rejects)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var others = plan.Where(edit => edit.Kind is EditKind.Modify or EditKind.Delete or EditKind.Write).Select(edit => edit.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var edit in plan)
        {
            if (edit.Kind == EditKind.Rename && (!taken.Add(edit.ReadPath) || others.Contains(edit.ReadPath) || edit.ReadPath == edit.Path))
                rejects.Add(Disagree(edit.ReadPath, edit.PatchLine));
        }
    }
}
