namespace Orchestrator.Patching;

/// <summary>Gives each change its one place. Lines put in or taken out among lines like them could be any of these, and a difference has to read the same whatever else changed in the file.</summary>
/// <remarks>First up, so that changes that can meet become one; then down, where git puts them as well.</remarks>
internal sealed class ChangeSlider(LineTable oldLines, int first, int limit, LineTable newLines)
{
    public void Settle(List<LineChange> script)
    {
        var kept = 0;
        for (var k = 0; k < script.Count; k++)
        {
            var change = script[k];
            var floor = kept > 0 ? script[kept - 1].OldEnd : first;
            while (change.OldStart > floor && CanRise(change))
                change = Moved(change, -1);
            if (kept > 0 && change.OldStart == floor)
            {
                // Two that have become one may rise further, and meet the one before.
                var joined = Joined(script[kept - 1], change);
                kept--;
                script[k--] = joined;
                continue;
            }
            script[kept++] = change;
        }
        script.RemoveRange(kept, script.Count - kept);
        for (var k = script.Count - 1; k >= 0; k--)
            Sink(script, k);
    }

    /// <summary>Parts from a replacement what is put in or taken out beside it among lines like it. A merge wants the smallest pieces; a reader would rather see one.</summary>
    public void Part(List<LineChange> script)
    {
        for (var k = script.Count - 1; k >= 0; k--)
        {
            var ceiling = k + 1 < script.Count ? script[k + 1].OldStart : limit;
            if (Surplus(script[k]) is not { } surplus || surplus.OldEnd >= ceiling || !CanSink(surplus))
                continue;
            script[k] = new(script[k].OldStart, surplus.OldStart, script[k].NewStart, surplus.NewStart);
            script.Insert(k + 1, surplus);
            Sink(script, k + 1);
        }
    }

    /// <summary>The lines at the end of a replacement that one side has more than the other.</summary>
    private static LineChange? Surplus(LineChange change)
    {
        var (removed, added) = (change.OldEnd - change.OldStart, change.NewEnd - change.NewStart);
        if (removed == 0 || added == 0 || removed == added)
            return null;
        return new(change.OldEnd - Math.Max(0, removed - added), change.OldEnd, change.NewEnd - Math.Max(0, added - removed), change.NewEnd);
    }

    private void Sink(List<LineChange> script, int k)
    {
        var change = script[k];
        while (true)
        {
            var ceiling = k + 1 < script.Count ? script[k + 1].OldStart : limit;
            while (change.OldEnd < ceiling && CanSink(change))
                change = Moved(change, 1);
            if (k + 1 >= script.Count || change.OldEnd < ceiling)
                break;
            change = Joined(change, script[k + 1]);
            script.RemoveAt(k + 1);
        }
        script[k] = change;
    }

    private bool CanRise(LineChange change) =>
        change.OldStart == change.OldEnd ? LineDiff.Same(newLines, change.NewStart - 1, newLines, change.NewEnd - 1)
        : change.NewStart == change.NewEnd && LineDiff.Same(oldLines, change.OldStart - 1, oldLines, change.OldEnd - 1);

    private bool CanSink(LineChange change) =>
        change.OldStart == change.OldEnd ? LineDiff.Same(newLines, change.NewStart, newLines, change.NewEnd)
        : change.NewStart == change.NewEnd && LineDiff.Same(oldLines, change.OldStart, oldLines, change.OldEnd);

    private static LineChange Moved(LineChange change, int by) => new(change.OldStart + by, change.OldEnd + by, change.NewStart + by, change.NewEnd + by);

    private static LineChange Joined(LineChange one, LineChange next) => new(one.OldStart, next.OldEnd, one.NewStart, next.NewEnd);
}
