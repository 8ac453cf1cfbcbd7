namespace Orchestrator.Patching;

/// <summary>Places a hunk whose context leaves lines out: every part between two ellipses has to stand where only one combination in this order exists.</summary>
internal static class ElidedPlaces
{
    public static bool Has(LineTable text, Hunk hunk) =>
        Array.Exists((hunk.Fallback ?? hunk).Lines, line => line.Kind == LineKind.Context && Elision.IsMarker(text.Slice(line.Start, line.Length)));

    public static Ladder.Outcome Place(FileIndex index, LineTable text, Hunk hunk, Ladder ladder)
    {
        var parts = Parts(text, (hunk.Fallback ?? hunk).Lines);
        var olds = parts.ConvertAll(part => new OldText(text, part.Where(line => line.IsOld)));
        if (olds.Exists(old => old.Count == 0))
            return Ladder.Outcome.Refuse(PatchResult.Reject.Codes.NoContext, "Lines are added beside an ellipsis with no unchanged line to hold them.");
        var places = new List<List<int>>();
        foreach (var old in olds)
        {
            var here = index.Find(old, MatchLevel.Blanks);
            here.RemoveAll(place => !ladder.Allows(ladder.Differences(old, place)));
            places.Add(here);
        }
        if (olds.Sum(old => old.Weight()) < 6 || places.Exists(list => list.Count == 0))
            return Ladder.Outcome.None;
        var chosen = OnlyCombination(olds, places, out var several);
        if (several)
            return Ladder.Outcome.Refuse(PatchResult.Reject.Codes.Ambiguous, "The parts around the ellipsis fit in more than one way. Show the lines that were left out, or more of the lines beside them.");
        if (chosen is null || (hunk.MayBeCut && chosen[^1] + olds[^1].Count - chosen[0] != hunk.OldCount))
            return Ladder.Outcome.None;
        var placements = new List<Placement>();
        for (var i = 0; i < parts.Count; i++)
        {
            var level = olds[i].StandsAt(index.File, chosen[i], MatchLevel.Exact) ? MatchLevel.Exact : MatchLevel.Blanks;
            placements.Add(new(hunk, parts[i], chosen[i], level, PatchOptions.Tolerance.ElidedLines | ladder.Differences(olds[i], chosen[i])));
        }
        return new(placements, null);
    }

    private static List<HunkLine[]> Parts(LineTable text, HunkLine[] lines)
    {
        var parts = new List<HunkLine[]>();
        var part = new List<HunkLine>();
        foreach (var line in lines)
        {
            if (line.Kind != LineKind.Context || !Elision.IsMarker(text.Slice(line.Start, line.Length)))
            {
                part.Add(line);
                continue;
            }
            if (part.Count > 0)
                parts.Add([.. part]);
            part.Clear();
        }
        if (part.Count > 0)
            parts.Add([.. part]);
        return parts;
    }

    /// <summary>The one way to put every part behind the one before it; null when there is none.</summary>
    private static int[]? OnlyCombination(List<OldText> parts, List<List<int>> places, out bool several)
    {
        // From the last part backwards: how many ways (two at most) lead on from each place.
        var ways = places.ConvertAll(list => new int[list.Count]);
        for (var part = parts.Count - 1; part >= 0; part--)
        {
            for (var i = 0; i < places[part].Count; i++)
                ways[part][i] = part == parts.Count - 1 ? 1 : Math.Min(2, Sum(places[part + 1], ways[part + 1], places[part][i] + parts[part].Count));
        }
        var total = Math.Min(2, ways[0].Sum());
        several = total > 1;
        if (total != 1)
            return null;
        var chosen = new int[parts.Count];
        var from = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            var i = Enumerable.Range(0, places[part].Count).First(k => places[part][k] >= from && ways[part][k] == 1);
            chosen[part] = places[part][i];
            from = chosen[part] + parts[part].Count;
        }
        return chosen;
    }

    private static int Sum(List<int> places, int[] ways, int from)
    {
        var sum = 0;
        for (var i = 0; i < places.Count && sum < 2; i++)
            sum += places[i] >= from ? ways[i] : 0;
        return sum;
    }
}
