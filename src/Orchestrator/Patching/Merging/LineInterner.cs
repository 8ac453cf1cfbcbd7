namespace Orchestrator.Patching;

/// <summary>Gives equal lines equal numbers. A last line without line feed differs from the same line with one.</summary>
internal sealed class LineInterner
{
    private readonly Dictionary<ulong, List<(LineTable Table, int Line, int Id)>> _known = [];
    private int _next;

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
        if (!_known.TryGetValue(hash, out var entries))
            _known.Add(hash, entries = new(1));
        foreach (var entry in entries)
        {
            if (entry.Table.LacksNewline(entry.Line) == bare && entry.Table[entry.Line].SequenceEqual(bytes))
                return entry.Id;
        }
        entries.Add((table, line, _next));
        return _next++;
    }
}
