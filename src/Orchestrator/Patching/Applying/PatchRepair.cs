namespace Orchestrator.Patching;

/// <summary>Puts the corrected hunks of a refused patch together with those of its hunks that were good.</summary>
internal static class PatchRepair
{
    /// <summary>Applies both to the tree that refused the first patch. A repair that gives the good hunks again, alike, changes nothing about them.</summary>
    public static PatchResult Run(PatchSet first, PatchResult.Rejected rejected, PatchSet repair, PatchTree current, PatchOptions options)
    {
        var alone = repair.Apply(current, null, options);
        if (alone is not PatchResult.Applied || !rejected.KeepsGood)
            return alone;
        var rest = new PatchSet(first.Text, Rest(first, rejected, current), []);
        if (rest.Apply(current, null, options) is not PatchResult.Applied kept)
            return GivesAll(first, repair) ? alone : rejected;
        var changed = kept.Changes.ToDictionary(change => change.Path, change => change.File, StringComparer.Ordinal);
        var between = PatchTree.FromDelegates(
            path => changed.TryGetValue(path, out var file) ? file : current.Read(path),
            () => current.Paths.Where(path => !changed.ContainsKey(path)).Concat(changed.Where(each => each.Value is not null).Select(each => each.Key)));
        return repair.WithBase(current).Apply(between, current, options) switch
        {
            PatchResult.Applied both => new PatchResult.Applied(
                [.. both.Changes.Concat(kept.Changes).DistinctBy(change => change.Path).OrderBy(change => change.Path, StringComparer.Ordinal)],
                [.. kept.Hunks, .. both.Hunks]),
            _ when GivesAll(first, repair) => alone,
            var other => other,
        };
    }

    /// <summary>The edits without the hunks that were refused.</summary>
    private static List<FileEdit> Rest(PatchSet first, PatchResult.Rejected rejected, PatchTree current)
    {
        var bad = rejected.Rejects.Select(reject => (reject.Path, reject.Hunk!.Value)).ToHashSet();
        return
        [
            .. EditPlan.Resolve(first, current, [])
                .Select(edit => (Before: edit, After: edit with { Hunks = [.. edit.Hunks.Where((_, i) => !bad.Contains((edit.Path, i + 1)) && !bad.Contains((edit.ReadPath, i + 1)))], NewBlob = null }))
                .Where(edit => edit.After.Hunks.Count > 0 || edit.Before.Hunks.Count == 0)
                .Select(edit => edit.After.Hunks.Count == edit.Before.Hunks.Count ? edit.Before : edit.After),
        ];
    }

    /// <summary>Whether the repair has as many hunks as the first patch for every file of it: then it stands for the whole change, and where they differ it is the later word.</summary>
    private static bool GivesAll(PatchSet first, PatchSet repair) => first.Edits.GroupBy(edit => edit.Path).All(edits =>
        repair.Edits.Where(edit => edit.Path == edits.Key) is var again && again.Any() && again.Sum(edit => edit.Hunks.Count) >= edits.Sum(edit => edit.Hunks.Count));
}
