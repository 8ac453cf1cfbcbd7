namespace Orchestrator.Patching;

/// <summary>Turns an old and a new stretch of patch text into hunk lines, so that lines standing in both are kept rather than replaced.</summary>
internal static class LinePairing
{
    public static void Append(PatchText text, int oldStart, int oldEnd, int newStart, int newEnd, List<HunkLine> lines)
    {
        var script = LineDiff.Compare(text.Lines, oldStart, oldEnd, text.Lines, newStart, newEnd);
        var (oldAt, newAt) = (oldStart, newStart);
        foreach (var (from, to, newFrom, newTo) in script)
        {
            for (; oldAt < from; oldAt++, newAt++)
                lines.Add(text.Content(LineKind.Context, oldAt, 0));
            for (; oldAt < to; oldAt++)
                lines.Add(text.Content(LineKind.Delete, oldAt, 0));
            for (newAt = newFrom; newAt < newTo; newAt++)
                lines.Add(text.Content(LineKind.Add, newAt, 0));
        }
        for (; oldAt < oldEnd; oldAt++)
            lines.Add(text.Content(LineKind.Context, oldAt, 0));
    }
}
