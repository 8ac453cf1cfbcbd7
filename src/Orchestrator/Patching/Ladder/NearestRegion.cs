namespace Orchestrator.Patching;

/// <summary>Finds the region of a file most like an old text, so that a refusal can show what stands there.</summary>
internal static class NearestRegion
{
    private const int MaxLines = 40;

    public static PatchResult.Reject Explain(PatchResult.Reject reject, FileIndex index, LineTable text, Hunk hunk)
    {
        var file = index.File;
        var old = new OldText(text, (hunk.Fallback ?? hunk).Lines.Where(line => line.IsOld));
        if (old.Count == 0 || file.Count == 0)
            return reject;
        var start = BestStart(index, old, hunk.OldStart - 1, out var votes);
        if (votes == 0)
            return reject;
        var (first, last) = (Math.Max(0, start), Math.Min(file.Count, Math.Min(start + old.Count, start + MaxLines)));
        if (first >= last)
            return reject;
        var lines = new List<string>();
        for (var line = first; line < last; line++)
            lines.Add(file.Text(line));
        reject = reject with { Nearest = new(first + 1, lines) };
        for (var i = Math.Max(0, -start); i < old.Count; i++)
        {
            var line = start + i;
            if (line < file.Count && Trim.Blanks(old[i]).SequenceEqual(Trim.Blanks(file[line])))
                continue;
            return reject with { Expected = System.Text.Encoding.UTF8.GetString(Trim.End(old[i], (byte)'\r')), Found = line < file.Count ? file.Text(line) : "(end of file)" };
        }
        return reject;
    }

    /// <summary>Every old line that stands in the file votes for the start it would mean; ties go to the stated line.</summary>
    private static int BestStart(FileIndex index, OldText old, int stated, out int votes)
    {
        var ballots = new Dictionary<int, int>();
        for (var i = 0; i < Math.Min(old.Count, 200); i++)
        {
            if (Trim.IsBlank(old[i]))
                continue;
            var weight = 1 + Math.Min(8, OldText.WeightOf(old[i]));
            foreach (var line in index.Lines(old, i, MatchLevel.Indent).Take(200))
                ballots[line - i] = ballots.GetValueOrDefault(line - i) + weight;
        }
        votes = 0;
        var best = 0;
        foreach (var (start, count) in ballots)
        {
            if (count > votes || (count == votes && (Math.Abs(start - stated), start).CompareTo((Math.Abs(best - stated), best)) < 0))
                (best, votes) = (start, count);
        }
        return best;
    }
}
