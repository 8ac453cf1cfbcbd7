namespace Orchestrator.Patching;

/// <summary>A hunk, or a part of one, at its place in the file.</summary>
/// <param name="Hunk">The hunk as it was sent.</param>
/// <param name="Lines">The lines that were placed; fewer than the hunk's when context was set aside.</param>
/// <param name="Start">The file line, counted from 0, of the first old line.</param>
/// <param name="Level">How the old lines compare.</param>
/// <param name="Used">Every tolerance it took.</param>
internal sealed record Placement(Hunk Hunk, HunkLine[] Lines, int Start, MatchLevel Level, PatchOptions.Tolerance Used)
{
    /// <summary>What to do to the indentation of added lines.</summary>
    public IndentShift? Shift { get; init; }

    public PatchResult.HunkReport Report(string path)
    {
        var rung = PatchOptions.Tolerance.None;
        var score = 1.0;
        for (var bit = PatchOptions.Tolerance.LineOffset; bit <= PatchOptions.Tolerance.ElidedLines; bit = (PatchOptions.Tolerance)((int)bit << 1))
        {
            if ((Used & bit) == 0)
                continue;
            rung = bit;
            score *= Cost(bit);
        }
        return new(path, Hunk.Number, Start + 1, rung, Math.Round(score, 4)) { Used = Used };
    }

    private static double Cost(PatchOptions.Tolerance tolerance) => tolerance switch
    {
        PatchOptions.Tolerance.LineOffset => 0.99,
        PatchOptions.Tolerance.RecountedHeader => 0.97,
        PatchOptions.Tolerance.WhitespaceDrift => 0.95,
        PatchOptions.Tolerance.LineEndings => 0.98,
        PatchOptions.Tolerance.Reindentation => 0.85,
        PatchOptions.Tolerance.ReducedContext => 0.7,
        PatchOptions.Tolerance.ElidedLines => 0.75,
        _ => throw new System.Diagnostics.UnreachableException($"No single tolerance is {tolerance}."),
    };
}
