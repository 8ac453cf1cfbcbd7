namespace Orchestrator.Patching;

/// <summary>A stretch of old lines and the new lines that replace it; both half open, either may be empty.</summary>
internal readonly record struct LineChange(int OldStart, int OldEnd, int NewStart, int NewEnd);

/// <summary>The differences between two runs of lines: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), in linear space.</summary>
/// <remarks>Lines that are unique on both sides split the stretches first (B. Cohen's patience diff), so that a change here does not move what is matched there. The result is correct and not always the shortest.</remarks>
internal sealed class LineDiff
{
    private const int MaxCost = 1024;

    private readonly int[] _old, _new;
    private readonly bool[] _removed, _added;
    private readonly int[] _forward = new int[(2 * MaxCost) + 4], _backward = new int[(2 * MaxCost) + 4];

    private LineDiff(int[] oldIds, int[] newIds)
    {
        (_old, _new) = (oldIds, newIds);
        (_removed, _added) = (new bool[oldIds.Length], new bool[newIds.Length]);
    }

    /// <summary>The differences as they read whatever else has changed in the file: what is unique in the whole of it is matched first.</summary>
    public static List<LineChange> CompareWhole(LineTable oldLines, LineTable newLines)
    {
        var diff = Between(oldLines, 0, oldLines.Count, newLines, 0, newLines.Count);
        diff.SplitAt(UniqueLines.Common(diff._old, diff._new), 0, diff._old.Length, 0, diff._new.Length);
        var script = diff.Script(0, 0);
        var slider = new ChangeSlider(oldLines, 0, oldLines.Count, newLines);
        slider.Settle(script);
        slider.Part(script);
        return script;
    }

    public static List<LineChange> Compare(LineTable oldLines, LineTable newLines) => Compare(oldLines, 0, oldLines.Count, newLines, 0, newLines.Count);

    public static List<LineChange> Compare(LineTable oldLines, int oldStart, int oldEnd, LineTable newLines, int newStart, int newEnd)
    {
        var (oldFirst, oldLimit) = (oldStart, oldEnd);

        // What both have in common at the ends needs no numbers.
        while (oldStart < oldEnd && newStart < newEnd && Same(oldLines, oldStart, newLines, newStart))
            (oldStart, newStart) = (oldStart + 1, newStart + 1);
        while (oldStart < oldEnd && newStart < newEnd && Same(oldLines, oldEnd - 1, newLines, newEnd - 1))
            (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);

        var diff = Between(oldLines, oldStart, oldEnd, newLines, newStart, newEnd);
        diff.Split(0, diff._old.Length, 0, diff._new.Length);
        var script = diff.Script(oldStart, newStart);
        new ChangeSlider(oldLines, oldFirst, oldLimit, newLines).Settle(script);
        return script;
    }

    private static LineDiff Between(LineTable oldLines, int oldStart, int oldEnd, LineTable newLines, int newStart, int newEnd)
    {
        var interner = new LineInterner();
        return new(interner.Number(oldLines, oldStart, oldEnd), interner.Number(newLines, newStart, newEnd));
    }

    internal static bool Same(LineTable left, int leftLine, LineTable right, int rightLine) =>
        left.LacksNewline(leftLine) == right.LacksNewline(rightLine) && left[leftLine].SequenceEqual(right[rightLine]);

    private List<LineChange> Script(int oldBase, int newBase)
    {
        var script = new List<LineChange>();
        var (i, j) = (0, 0);
        while (i < _old.Length || j < _new.Length)
        {
            if (i < _old.Length && j < _new.Length && !_removed[i] && !_added[j])
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }
            var (oldStart, newStart) = (i, j);
            while (i < _old.Length && _removed[i])
                i++;
            while (j < _new.Length && _added[j])
                j++;
            script.Add(new(oldBase + oldStart, oldBase + i, newBase + newStart, newBase + j));
        }
        return script;
    }

    private void Split(int oldStart, int oldEnd, int newStart, int newEnd)
    {
        while (oldStart < oldEnd && newStart < newEnd && _old[oldStart] == _new[newStart])
            (oldStart, newStart) = (oldStart + 1, newStart + 1);
        while (oldStart < oldEnd && newStart < newEnd && _old[oldEnd - 1] == _new[newEnd - 1])
            (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);
        if (oldStart == oldEnd || newStart == newEnd)
        {
            Replace(oldStart, oldEnd, newStart, newEnd);
        }
        else if (UniqueLines.Common(_old.AsSpan(oldStart..oldEnd), _new.AsSpan(newStart..newEnd)) is { Count: > 0 } anchors)
        {
            SplitAt(anchors, oldStart, oldEnd, newStart, newEnd);
        }
        else if (Middle(oldStart, oldEnd, newStart, newEnd) is var (x, y))
        {
            Split(oldStart, x, newStart, y);
            Split(x, oldEnd, y, newEnd);
        }
        else
        {
            Replace(oldStart, oldEnd, newStart, newEnd);
        }
    }

    private void Replace(int oldStart, int oldEnd, int newStart, int newEnd)
    {
        _removed.AsSpan(oldStart..oldEnd).Fill(true);
        _added.AsSpan(newStart..newEnd).Fill(true);
    }

    /// <summary>A point on a shortest path, found from both ends at once; null when it lies further off than is worth looking.</summary>
    private (int X, int Y)? Middle(int oldStart, int oldEnd, int newStart, int newEnd)
    {
        var (n, m) = (oldEnd - oldStart, newEnd - newStart);
        var delta = n - m;
        var odd = (delta & 1) != 0;
        const int zero = MaxCost + 1;
        _forward[zero + 1] = 0;
        _backward[zero + 1] = 0;
        var limit = Math.Min(MaxCost, (n + m + 1) / 2);
        for (var d = 0; d <= limit; d++)
        {
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && _forward[zero + k - 1] < _forward[zero + k + 1]) ? _forward[zero + k + 1] : _forward[zero + k - 1] + 1;
                var y = x - k;
                while (x < n && y >= 0 && y < m && _old[oldStart + x] == _new[newStart + y])
                    (x, y) = (x + 1, y + 1);
                _forward[zero + k] = x;
                var reverse = delta - k;
                if (odd && reverse >= -(d - 1) && reverse <= d - 1 && x + _backward[zero + reverse] >= n && x <= n && y >= 0 && y <= m)
                    return Progress(x, y, n, m) ? (oldStart + x, newStart + y) : null;
            }
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && _backward[zero + k - 1] < _backward[zero + k + 1]) ? _backward[zero + k + 1] : _backward[zero + k - 1] + 1;
                var y = x - k;
                while (x < n && y >= 0 && y < m && _old[oldEnd - 1 - x] == _new[newEnd - 1 - y])
                    (x, y) = (x + 1, y + 1);
                _backward[zero + k] = x;
                var reverse = delta - k;
                if (!odd && reverse >= -d && reverse <= d && x + _forward[zero + reverse] >= n && x <= n && y >= 0 && y <= m)
                    return Progress(n - x, m - y, n, m) ? (oldStart + n - x, newStart + m - y) : null;
            }
        }
        return null;
    }

    private static bool Progress(int x, int y, int n, int m) => (x, y) != (0, 0) && (x, y) != (n, m);

    private void SplitAt(List<(int Old, int New)> anchors, int oldStart, int oldEnd, int newStart, int newEnd)
    {
        var (i, j) = (oldStart, newStart);
        foreach (var (oldAt, newAt) in anchors)
        {
            Split(i, oldStart + oldAt, j, newStart + newAt);
            (i, j) = (oldStart + oldAt + 1, newStart + newAt + 1);
        }
        Split(i, oldEnd, j, newEnd);
    }
}
