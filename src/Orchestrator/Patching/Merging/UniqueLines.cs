namespace Orchestrator.Patching;

/// <summary>Lines that stand exactly once on both sides, in the longest order both sides share.</summary>
internal static class UniqueLines
{
    public static List<(int Old, int New)> Common(ReadOnlySpan<int> oldIds, ReadOnlySpan<int> newIds)
    {
        var seen = new Dictionary<int, (int OldCount, int OldAt, int NewCount, int NewAt)>();
        for (var i = 0; i < oldIds.Length; i++)
            seen[oldIds[i]] = seen.TryGetValue(oldIds[i], out var entry) ? entry with { OldCount = entry.OldCount + 1 } : (1, i, 0, -1);
        for (var j = 0; j < newIds.Length; j++)
        {
            if (seen.TryGetValue(newIds[j], out var entry))
                seen[newIds[j]] = entry with { NewCount = entry.NewCount + 1, NewAt = j };
        }
        var pairs = seen.Values.Where(entry => entry is { OldCount: 1, NewCount: 1 }).OrderBy(entry => entry.OldAt).Select(entry => (Old: entry.OldAt, New: entry.NewAt)).ToArray();
        return Longest(pairs);
    }

    /// <summary>The longest run of pairs whose new positions rise as well.</summary>
    private static List<(int Old, int New)> Longest((int Old, int New)[] pairs)
    {
        var tails = new List<int>();
        var previous = new int[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[tails[middle]].New < pairs[i].New)
                    low = middle + 1;
                else
                    high = middle;
            }
            previous[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
                tails.Add(i);
            else
                tails[low] = i;
        }
        var result = new List<(int, int)>();
        for (var i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = previous[i])
            result.Add(pairs[i]);
        result.Reverse();
        return result;
    }
}
