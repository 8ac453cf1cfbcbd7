namespace Orchestrator.Patching;

/// <summary>A hunk, or a part of one, at its place in the file.</summary>
/// <param name="Hunk">The hunk as it was sent.</param>
/// <param name="Lines">The lines that were placed; fewer than the hunk's when context was set aside.</param>
/// <param name="Start">The file line, counted from 0, of the first old line.</param>
/// <param name="Level">How the old lines compare.</param>
/// <param name="Used">Every tolerance it took.</param>
internal sealed record Placement(Hunk Hunk, HunkLine[] Lines, int Start, MatchLevel Level, PatchTolerances Used)
{
    /// <summary>What to do to the indentation of added lines.</summary>
    public IndentShift? Shift { get; init; }

    public PatchResult.HunkReport Report(string path)
    {
        var rung = PatchTolerances.None;
        var score = 1.0;
        for (var bit = PatchTolerances.LineOffset; bit <= PatchTolerances.ElidedLines; bit = (PatchTolerances)((int)bit << 1))
        {
            if ((Used & bit) == 0)
                continue;
            rung = bit;
            score *= Cost(bit);
        }
        return new(path, Hunk.Number, Start + 1, rung, Math.Round(score, 4)) { Used = Used };
    }

    private static double Cost(PatchTolerances tolerance) => tolerance switch
    {
        PatchTolerances.LineOffset => 0.99,
        PatchTolerances.RecountedHeader => 0.97,
        PatchTolerances.WhitespaceDrift => 0.95,
        PatchTolerances.LineEndings => 0.98,
        PatchTolerances.Reindentation => 0.85,
        PatchTolerances.ReducedContext => 0.7,
        PatchTolerances.ElidedLines => 0.75,
        _ => throw new System.Diagnostics.UnreachableException($"No single tolerance is {tolerance}."),
    };
}
