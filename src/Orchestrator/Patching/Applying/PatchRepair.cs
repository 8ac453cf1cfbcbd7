namespace Orchestrator.Patching;

/// <summary>Puts the corrected hunks of a refused patch together with those of its hunks that were good.</summary>
/// <remarks>
/// What comes back is either the refused hunks or the whole change again, and its own text does not say which. Where it does every change of the good hunks anew, it is the
/// whole change; where it touches none of them and adds nothing that they add, it is the rest of it. Anything between could lose a change or make it twice, and is refused.
/// </remarks>
internal static class PatchRepair
{
    /// <summary>Whether nothing but single hunks failed to be found, so that the others can be kept without losing anything that belongs to a file as a whole.</summary>
    public static bool CanKeep(IReadOnlyList<FileEdit> edits, IReadOnlyList<PatchResult.Reject> rejects, IReadOnlyList<PatchResult.HunkReport> good) =>
        good.Count > 0 && rejects.All(reject =>
            reject is { Hunk: not null, Code: PatchResult.Reject.Codes.NotFound or PatchResult.Reject.Codes.Ambiguous }
            && edits.Where(edit => edit.Path == reject.Path).ToList() is [{ Kind: EditKind.Modify, Source: null, NewMode: null }]);

    /// <summary>Applies both to the tree that refused the first patch.</summary>
    public static PatchResult Run(PatchSet first, PatchResult.Rejected rejected, PatchSet repair, PatchTree current, PatchOptions options)
    {
        // A half of a change need not parse by itself.
        var ungated = options with { SyntaxGate = null };
        if (!rejected.KeepsGood || repair.Apply(current, null, ungated) is not PatchResult.Applied alone)
            return repair.Apply(current, null, options);
        if (new PatchSet(first.Text, Rest(first, rejected, current), []).Apply(current, null, ungated) is not PatchResult.Applied kept)
            return rejected;
        var (redone, apart, places) = (0, 0, 0);
        foreach (var change in kept.Changes)
        {
            var other = alone.Changes.FirstOrDefault(each => each.Path == change.Path);
            var (mine, theirs) = (Between(current, change), other is null ? [] : Between(current, other));
            places += mine.Count;
            redone += mine.Count(place => theirs.Any(place.IsRedoneBy));
            apart += mine.Count(place => !theirs.Any(place.Touches) && !theirs.Any(place.AddsWhat));
        }
        if (redone == places && repair.Edits.Sum(edit => edit.Hunks.Count) >= first.Edits.Sum(edit => edit.Hunks.Count))
            return options.SyntaxGate is null ? alone : repair.Apply(current, null, options);
        return apart == places ? Together(kept, repair, current, options) ?? rejected : rejected;
    }

    private static PatchResult? Together(PatchResult.Applied kept, PatchSet repair, PatchTree current, PatchOptions options)
    {
        var changed = kept.Changes.ToDictionary(change => change.Path, change => change.File, StringComparer.Ordinal);
        var between = PatchTree.FromDelegates(
            path => changed.TryGetValue(path, out var file) ? file : current.Read(path),
            () => current.Paths.Where(path => !changed.ContainsKey(path)).Concat(changed.Where(each => each.Value is not null).Select(each => each.Key)));
        if (repair.WithBase(current).Apply(between, current, options with { SyntaxGate = null }) is not PatchResult.Applied both)
            return null;
        List<PatchResult.Change> changes = [.. both.Changes.Concat(kept.Changes).DistinctBy(change => change.Path).OrderBy(change => change.Path, StringComparer.Ordinal)];
        var gate = options.SyntaxGate is null ? null : PatchSet.ForFiles(changes.ToDictionary(change => change.Path, change => change.File)).Apply(current, null, options);
        return gate as PatchResult.Rejected ?? (PatchResult)new PatchResult.Applied(changes, [.. kept.Hunks, .. both.Hunks]);
    }

    /// <summary>The edits without the hunks that were refused.</summary>
    private static List<FileEdit> Rest(PatchSet first, PatchResult.Rejected rejected, PatchTree current)
    {
        var bad = rejected.Rejects.Select(reject => (reject.Path, reject.Hunk!.Value)).ToHashSet();
        return
        [
            .. EditPlan.Resolve(first, current, [])
                .Select(edit => edit.Hunks.Where((_, i) => !bad.Contains((edit.Path, i + 1))).ToList() is var good && good.Count == edit.Hunks.Count ? edit : edit with { Hunks = good, NewBlob = null })
                .Where(edit => edit.Hunks.Count > 0 || edit.Kind != EditKind.Modify || edit.NewMode is not null || edit.Binary is not null),
        ];
    }

    /// <summary>The places that a change changes; a file that comes, goes or gets another mode is one place.</summary>
    private static List<Place> Between(PatchTree current, PatchResult.Change change)
    {
        if (change.File is not { } after || current.Read(change.Path) is not { } before || before.Mode != after.Mode)
            return [new Place(0, int.MaxValue, [])];
        var (oldLines, newLines) = (new LineTable(before.Content), new LineTable(after.Content));
        return
        [
            .. LineDiff.Compare(oldLines, newLines).Select(each => new Place(
                each.OldStart,
                each.OldEnd,
                [.. Enumerable.Range(each.NewStart, each.NewEnd - each.NewStart).Select(line => System.Text.Encoding.Latin1.GetString(newLines.Bytes.Span[newLines.Start(line)..newLines.Start(line + 1)]).Trim()).Where(text => text.Length > 2)])),
        ];
    }

    /// <summary>Lines of the old file, half open, and what stands there afterwards.</summary>
    private sealed record Place(int Start, int End, IReadOnlyList<string> Added)
    {
        public bool Touches(Place other) => Start <= other.End && other.Start <= End;

        /// <summary>Whether the other one replaces all of this, or adds all that this adds.</summary>
        public bool IsRedoneBy(Place other) => Touches(other) && (
            (Start == other.Start && End == other.End) || (Start < End && other.Start <= Start && End <= other.End) || (Added.Count > 0 && Added.All(other.Added.Contains)));

        public bool AddsWhat(Place other) => Added.Any(other.Added.Contains);
    }
}
