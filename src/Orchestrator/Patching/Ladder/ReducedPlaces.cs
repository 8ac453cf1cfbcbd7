namespace Orchestrator.Patching;

/// <summary>Places a hunk some of whose outer context does not fit the file, by setting that context aside.</summary>
/// <remarks>
/// What remains has to hold at least half of the old lines, distinctive context among them, and stand exactly once. A line beside an added one is never set aside, because it is what
/// says where the addition goes. And context that does stand elsewhere in the file speaks for another place: then the hunk is refused.
/// </remarks>
internal static class ReducedPlaces
{
    private const int MaxTrim = 12;
    private const int Near = 2;

    public static Ladder.Outcome Place(FileIndex index, LineTable text, Hunk hunk, Ladder ladder)
    {
        var lines = hunk.Lines;
        var leading = lines.TakeWhile(line => line.Kind == LineKind.Context).Count();
        if (leading == lines.Length)
            return Ladder.Outcome.None;
        var trailing = lines.Reverse().TakeWhile(line => line.Kind == LineKind.Context).Count();
        var maxHead = Math.Min(MaxTrim, leading - Kept(text, lines[..leading], lines[leading], fromEnd: true));
        var maxTail = Math.Min(MaxTrim, trailing - Kept(text, lines[^trailing..], lines[^(trailing + 1)], fromEnd: false));
        for (var total = 1; total <= maxHead + maxTail; total++)
        {
            var outcome = Trimmed(index, text, hunk, ladder, total, maxHead, maxTail);
            if (outcome.IsFinal)
                return outcome;
        }
        return Ladder.Outcome.None;
    }

    private static Ladder.Outcome Trimmed(FileIndex index, LineTable text, Hunk hunk, Ladder ladder, int total, int maxHead, int maxTail)
    {
        Placement? found = null;
        var foundHead = 0;
        for (var head = Math.Max(0, total - maxTail); head <= Math.Min(total, maxHead); head++)
        {
            var kept = hunk.Lines[head..^(total - head)];
            var old = new OldText(text, kept.Where(line => line.IsOld));
            if (!IsDistinctive(text, hunk, kept))
                continue;
            var places = index.Find(old, MatchLevel.Blanks, limit: 2);
            places.RemoveAll(place => !ladder.Allows(ladder.Differences(old, place)));
            if (places.Count == 0)
                continue;
            if (places.Count > 1 || (found is not null && found.Start - foundHead != places[0] - head))
                return Ladder.Outcome.Refuse(PatchResult.Reject.Codes.Ambiguous, "Not all context lines fit the file, and the rest fits in more than one place. Send the hunk again with context copied from the file.");
            if (found is not null)
                continue;
            if (SpeaksForElsewhere(index, text, hunk, head, total - head, places[0], old.Count) || HasOtherIndent(index.File, text, hunk, head, total - head, places[0], old.Count))
                return Ladder.Outcome.None;
            var level = old.StandsAt(index.File, places[0], MatchLevel.Exact) ? MatchLevel.Exact : MatchLevel.Blanks;
            var used = PatchOptions.Tolerance.ReducedContext | ladder.Differences(old, places[0]);
            if (hunk.Recounted)
                used |= PatchOptions.Tolerance.RecountedHeader;
            if (hunk.OldStart >= 0 && places[0] - head != hunk.OldStart - 1)
                used |= PatchOptions.Tolerance.LineOffset;
            if (!ladder.Allows(used))
                return Ladder.Outcome.None;
            (found, foundHead) = (new(hunk, kept, places[0], level, used), head);
        }
        return found is null ? Ladder.Outcome.None : new([found], null);
    }

    /// <summary>How many context lines beside an addition have to stay: up to the first that is not blank, because only that tells where it goes.</summary>
    private static int Kept(LineTable text, HunkLine[] context, HunkLine change, bool fromEnd)
    {
        if (change.Kind != LineKind.Add)
            return 0;
        for (var kept = 1; kept <= context.Length; kept++)
        {
            var line = fromEnd ? context[^kept] : context[kept - 1];
            if (!Trim.IsBlank(text.Slice(line.Start, line.Length)))
                return kept;
        }
        return context.Length;
    }

    private static bool IsDistinctive(LineTable text, Hunk hunk, HunkLine[] kept)
    {
        var (all, remaining, context, strong) = (0, 0, 0, 0);
        foreach (var line in hunk.Lines)
            all += line.IsOld && !Trim.IsBlank(text.Slice(line.Start, line.Length)) ? 1 : 0;
        foreach (var line in kept)
        {
            var content = text.Slice(line.Start, line.Length);
            if (!line.IsOld || Trim.IsBlank(content))
                continue;
            remaining++;
            if (OldText.WeightOf(content) < 4)
                continue;
            strong++;
            context += line.Kind == LineKind.Context ? 1 : 0;
        }
        return remaining * 2 >= all && strong >= 2 && context >= 1;
    }

    /// <summary>Whether a context line that was set aside stands where it belongs, indented otherwise: then the added lines are too, and nothing tells by how much.</summary>
    private static bool HasOtherIndent(LineTable file, LineTable text, Hunk hunk, int head, int tail, int place, int keptOld)
    {
        if (!Array.Exists(hunk.Lines, line => line.Kind == LineKind.Add && !Trim.Indent(text.Slice(line.Start, line.Length)).IsEmpty))
            return false;
        var dropped = new OldText(text, hunk.Lines[..head].Concat(hunk.Lines[^tail..]));
        for (var i = 0; i < dropped.Count; i++)
        {
            var belongs = i < head ? place - head + i : place + keptOld + i - head;
            if (belongs >= 0 && belongs < file.Count && IsIndentedOtherwise(text, dropped.Line(i), file[belongs]))
                return true;
        }
        return false;
    }

    private static bool IsIndentedOtherwise(LineTable text, HunkLine line, ReadOnlySpan<byte> other)
    {
        var content = Trim.Blanks(text.Slice(line.Start, line.Length));
        if (Trim.IsBlank(content) || !Trim.Both(content).SequenceEqual(Trim.Both(other)) || content.SequenceEqual(Trim.Blanks(other)))
            return false;
        return !Ladder.MayLackColumn(line, text) || !Trim.Blanks(text.Slice(line.Start - 1, line.Length + 1)).SequenceEqual(Trim.Blanks(other));
    }

    /// <summary>Whether a distinctive context line that was set aside stands in the file, but not close to where it would belong.</summary>
    private static bool SpeaksForElsewhere(FileIndex index, LineTable text, Hunk hunk, int head, int tail, int place, int keptOld)
    {
        var dropped = new OldText(text, hunk.Lines[..head].Concat(hunk.Lines[^tail..]));
        for (var i = 0; i < dropped.Count; i++)
        {
            if (OldText.WeightOf(dropped[i]) < 6)
                continue;
            var belongs = i < head ? place - head + i : place + keptOld + i - head;
            var (near, far) = (false, false);
            foreach (var line in index.Lines(dropped, i, MatchLevel.Blanks))
            {
                if (Math.Abs(line - belongs) <= Near)
                    near = true;
                else
                    far = true;
            }
            if (far && !near)
                return true;
        }
        return false;
    }
}
