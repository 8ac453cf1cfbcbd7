namespace Orchestrator.Patching;

/// <summary>One change at its place: file lines that go, and hunk lines that come.</summary>
internal readonly record struct Splice(int Start, int End, Placement Placement, int From, int To)
{
    /// <summary>Every run of changed lines of a placed hunk.</summary>
    public static void AddFrom(Placement placement, List<Splice> splices)
    {
        var lines = placement.Lines;
        var at = placement.Start;
        for (var i = 0; i < lines.Length;)
        {
            if (lines[i].Kind == LineKind.Context)
            {
                (i, at) = (i + 1, at + 1);
                continue;
            }
            var (first, start) = (i, at);
            for (; i < lines.Length && lines[i].Kind != LineKind.Context; i++)
                at += lines[i].Kind == LineKind.Delete ? 1 : 0;
            splices.Add(new(start, at, placement, first, i));
        }
    }

    public IEnumerable<HunkLine> Added()
    {
        for (var i = From; i < To; i++)
        {
            if (Placement.Lines[i].Kind == LineKind.Add)
                yield return Placement.Lines[i];
        }
    }
}
