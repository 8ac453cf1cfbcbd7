namespace Orchestrator.Patching;

/// <summary>Gives equal lines equal numbers. A last line without line feed differs from the same line with one.</summary>
internal sealed class LineInterner
{
    private readonly Dictionary<ulong, int> _first = [];
    private readonly List<(LineTable Table, int Line, int Next)> _known = [];

    public int[] Number(LineTable table, int start, int end)
    {
        var ids = new int[end - start];
        for (var line = start; line < end; line++)
            ids[line - start] = Number(table, line);
        return ids;
    }

    private int Number(LineTable table, int line)
    {
        var bytes = table[line];
        var bare = table.LacksNewline(line);
        var hash = LineHash.Of(bytes) ^ (bare ? 1UL : 0UL);
        var first = _first.GetValueOrDefault(hash, -1);
        for (var id = first; id >= 0; id = _known[id].Next)
        {
            var (other, at, _) = _known[id];
            if (other.LacksNewline(at) == bare && other[at].SequenceEqual(bytes))
                return id;
        }
        _known.Add((table, line, first));
        return _first[hash] = _known.Count - 1;
    }
}
