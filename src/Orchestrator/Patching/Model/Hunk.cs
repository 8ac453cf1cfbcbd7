namespace Orchestrator.Patching;

/// <summary>A stretch of old text and what becomes of it.</summary>
internal sealed record Hunk(HunkLine[] Lines)
{
    /// <summary>Line of the old text in the old file, counted from 1; -1 when the format states none.</summary>
    public int OldStart { get; init; } = -1;

    /// <summary>Old lines by the header; -1 when the format states none.</summary>
    public int OldCount { get; init; } = -1;

    public int NewStart { get; init; } = -1;

    public int NewCount { get; init; } = -1;

    /// <summary>Lines that stand before the place, outermost first.</summary>
    public IReadOnlyList<string> Anchors { get; init; } = [];

    /// <summary>The old text is said to end the file.</summary>
    public bool AtEnd { get; init; }

    /// <summary>The header's counts were wrong.</summary>
    public bool Recounted { get; init; }

    /// <summary>The body is shorter than the header says and lines are elided in it: only their number tells whether it is whole.</summary>
    public bool MayBeCut { get; init; }

    /// <summary>Another reading of the same text, tried when this one has no place.</summary>
    public Hunk? Fallback { get; init; }

    /// <summary>Line of the patch text, counted from 1.</summary>
    public int PatchLine { get; init; }

    /// <summary>Counted from 1 within the file.</summary>
    public int Number { get; init; } = 1;

    public bool HasChange => Array.Exists(Lines, line => line.Kind is LineKind.Add or LineKind.Delete);

    public int CountOld() => Lines.Count(line => line.IsOld);

    public int CountNew() => Lines.Count(line => line.IsNew);

    public Hunk Reverse() => this with
    {
        OldStart = NewStart,
        OldCount = NewCount,
        NewStart = OldStart,
        NewCount = OldCount,
        Fallback = null,
        Lines = ReverseLines(),
    };

    private HunkLine[] ReverseLines()
    {
        // Removed lines stand before added ones in every diff, so each run is turned as well.
        var result = new List<HunkLine>(Lines.Length);
        var removed = new List<HunkLine>();
        foreach (var line in Lines)
        {
            if (line.Kind == LineKind.Delete)
                removed.Add(line.With(LineKind.Add));
            else if (line.Kind == LineKind.Add)
                result.Add(line.With(LineKind.Delete));
            else
            {
                result.AddRange(removed);
                removed.Clear();
                result.Add(line);
            }
        }
        result.AddRange(removed);
        return [.. result];
    }
}
