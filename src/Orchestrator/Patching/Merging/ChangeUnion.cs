namespace Orchestrator.Patching;

/// <summary>Puts changes of one base together, and tells whether the file they make still shows them.</summary>
/// <remarks>
/// The next merge knows a merged file by its difference from the base alone. Among lines that repeat themselves, two changes together can look like two others; the next merge would then
/// work with changes nobody made, and the tree would depend on the order of the merges.
/// </remarks>
internal sealed class ChangeUnion
{
    /// <summary>Changes close together of which every choice is looked at; of more than that only pairs are, so many of them.</summary>
    private const int MaxCluster = 7;

    private const int MaxPairs = 256;

    /// <summary>So many lines are compared for choices before the rest is left to the look at the whole, which guards the bytes in any case.</summary>
    private const long MaxWork = 4_000_000;

    private readonly LineTable _base;
    private readonly int[] _uniqueBefore;
    private long _work;

    public ChangeUnion(LineTable baseLines)
    {
        _base = baseLines;
        var ids = new LineInterner().Number(baseLines, 0, baseLines.Count);
        var counts = new int[ids.Length];
        foreach (var id in ids)
            counts[id]++;
        _uniqueBefore = new int[ids.Length + 1];
        for (var line = 0; line < ids.Length; line++)
            _uniqueBefore[line + 1] = _uniqueBefore[line] + (counts[ids[line]] == 1 ? 1 : 0);
    }

    /// <summary>A stretch of the base and what replaces it.</summary>
    internal readonly record struct Part(int Start, int End, ReadOnlyMemory<byte> Text, int Lines)
    {
        public int Size => End - Start + Lines;
    }

    /// <summary>The base with every part replaced.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyList<Part> parts) => Write(parts, 0, _base.Count);

    /// <summary>The lines of the base from <paramref name="start"/> to <paramref name="end"/>, with every part replaced.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyList<Part> parts, int start, int end)
    {
        var output = new ByteWriter(_base.Start(end) - _base.Start(start) + parts.Sum(part => part.Text.Length));
        var copied = start;
        foreach (var part in parts)
        {
            output.Write(_base.Span[_base.Start(copied).._base.Start(part.Start)]);
            output.Write(part.Text.Span);
            copied = part.End;
        }
        output.Write(_base.Span[_base.Start(copied).._base.Start(end)]);
        return output.Written;
    }

    /// <summary>Whether a file differs from the base in exactly these parts.</summary>
    public bool Shows(ReadOnlyMemory<byte> file, IReadOnlyList<Part> parts)
    {
        var found = LineDiff.CompareWhole(_base, new LineTable(file));
        if (found.Count != parts.Count)
            return false;
        var shift = 0;
        for (var i = 0; i < found.Count; i++)
        {
            var (change, part) = (found[i], parts[i]);
            if (change != new LineChange(part.Start, part.End, part.Start + shift, part.Start + shift + part.Lines))
                return false;
            shift += part.Lines - (part.End - part.Start);
        }
        return true;
    }

    /// <summary>The stretch of the base whose changes together look like others, if there is one.</summary>
    /// <remarks>Asked of every few of them and not of the whole alone: a further change may hide what two do to each other, and then the order of the merges would tell.</remarks>
    public (int Start, int End)? Disguise(List<Part> all, List<Part> ours, List<Part> theirs)
    {
        foreach (var cluster in Clusters(all))
        {
            if (cluster.Count > MaxCluster)
            {
                var members = cluster.ToHashSet();
                if (DisguisedPair(ours.FindAll(members.Contains), theirs.FindAll(members.Contains)) is { } pair)
                    return pair;
                continue;
            }
            for (var chosen = 1; chosen < 1 << cluster.Count && cluster.Count > 1 && CanAfford(); chosen++)
            {
                var some = cluster.Where((_, i) => (chosen >> i & 1) != 0).ToList();
                if (!Shows(Write(some), some))
                    return (cluster[0].Start, cluster[^1].End);
            }
        }
        return null;
    }

    private bool CanAfford() => (_work += _base.Count) <= MaxWork;

    private (int Start, int End)? DisguisedPair(List<Part> ours, List<Part> theirs)
    {
        var left = MaxPairs;
        foreach (var our in ours)
        {
            foreach (var their in theirs)
            {
                if (our.Start == their.Start || left-- <= 0 || !CanAfford())
                    continue;
                Part[] both = our.Start < their.Start ? [our, their] : [their, our];
                if (!Shows(Write(both), both))
                    return (both[0].Start, both[1].End);
            }
        }
        return null;
    }

    /// <summary>The parts, divided where so many lines that are like no other line stand between that nothing on one side can be taken for something on the other.</summary>
    private List<List<Part>> Clusters(List<Part> parts)
    {
        var largestBehind = new int[parts.Count + 1];
        for (var i = parts.Count - 1; i >= 0; i--)
            largestBehind[i] = Math.Max(largestBehind[i + 1], parts[i].Size);
        var clusters = new List<List<Part>>();
        var largest = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (i == 0 || _uniqueBefore[parts[i].Start] - _uniqueBefore[parts[i - 1].End] > 2 * (largest + largestBehind[i]))
                clusters.Add([]);
            clusters[^1].Add(parts[i]);
            largest = Math.Max(largest, parts[i].Size);
        }
        return clusters;
    }
}
