namespace Orchestrator.Patching;

/// <summary>Finds the place of one hunk, strictest rung first. A place is taken only when nothing else competes with it.</summary>
internal sealed class Ladder(FileIndex index, LineTable text, PatchOptions.Tolerance allowed)
{
    private LineTable File => index.File;

    /// <summary>The places of the hunk, one for each part; a reject when there is none that is certain.</summary>
    public Outcome Place(Hunk hunk)
    {
        if (File.Count == 0 && hunk.CountOld() == 0)
            return new([new(hunk, hunk.Lines, 0, MatchLevel.Exact, PatchOptions.Tolerance.None)], null);
        if (hunk.CountOld() == 0)
            return Outcome.Refuse(PatchResult.Reject.Codes.NoContext, "The hunk only adds lines and names no line beside them, so its place is not certain. Repeat it with a few unchanged lines before and after.");
        if (hunk.Recounted && !Allows(PatchOptions.Tolerance.RecountedHeader))
            return Outcome.Refuse(PatchResult.Reject.Codes.Malformed, "The counts in the hunk's header do not fit its lines.");

        if (hunk.MayBeCut)
            return Allows(PatchOptions.Tolerance.ElidedLines) ? ElidedPlaces.Place(index, text, hunk, this) : Outcome.None;

        // Indentation comes late: a hunk whose context lost its leading space would look like one that is indented by one.
        var outcome = Climb(hunk, MatchLevel.Exact, MatchLevel.Blanks, PatchOptions.Tolerance.None);
        if (!outcome.IsFinal && Allows(PatchOptions.Tolerance.WhitespaceDrift) && LostColumn(hunk) is { } column)
            outcome = ClimbColumn(hunk, column);
        if (!outcome.IsFinal)
            outcome = Climb(hunk, MatchLevel.Indent, MatchLevel.Indent, PatchOptions.Tolerance.None);
        if (!outcome.IsFinal && hunk.Fallback is { } fallback)
            outcome = Climb(fallback, MatchLevel.Exact, MatchLevel.Blanks, PatchOptions.Tolerance.None);
        if (!outcome.IsFinal && Allows(PatchOptions.Tolerance.ElidedLines) && ElidedPlaces.Has(text, hunk))
            outcome = ElidedPlaces.Place(index, text, hunk, this);
        else if (!outcome.IsFinal && Allows(PatchOptions.Tolerance.ReducedContext) && !hunk.AtEnd)
            outcome = ReducedPlaces.Place(index, text, hunk.Fallback ?? hunk, this);
        return outcome;
    }

    /// <summary>Whether the space before a context line may be the line's own.</summary>
    public static bool MayLackColumn(HunkLine line, LineTable text) =>
        line is { Kind: LineKind.Context, LostPrefix: false, Length: > 0, Start: > 0 } && text.Slice(line.Start - 1, 1)[0] == ' ';

    public bool Allows(PatchOptions.Tolerance tolerance) => (allowed & tolerance) == tolerance;

    /// <summary>What two texts that agree on a level differ in, told line by line.</summary>
    public PatchOptions.Tolerance Differences(OldText old, int start)
    {
        var used = PatchOptions.Tolerance.None;
        for (var i = 0; i < old.Count; i++)
        {
            var patch = old[i];
            var file = File[start + i];
            if (old.Line(i).LostPrefix && !patch.IsEmpty)
                used |= PatchOptions.Tolerance.WhitespaceDrift;
            if (old.Line(i).NoNewline != File.LacksNewline(start + i))
                used |= PatchOptions.Tolerance.LineEndings;
            if (patch.SequenceEqual(file))
                continue;
            if (Trim.End(patch, (byte)'\r').SequenceEqual(Trim.End(file, (byte)'\r')))
                used |= PatchOptions.Tolerance.LineEndings;
            else if (Trim.Blanks(patch).SequenceEqual(Trim.Blanks(file)))
                used |= PatchOptions.Tolerance.WhitespaceDrift | (EndsInReturn(patch) != EndsInReturn(file) ? PatchOptions.Tolerance.LineEndings : PatchOptions.Tolerance.None);
            else
                used |= PatchOptions.Tolerance.Reindentation;
        }
        return used;
    }

    /// <summary>The reading without the column, unless the hunk could as well be one that is indented by one less and nothing tells the two apart.</summary>
    private Outcome ClimbColumn(Hunk hunk, Hunk column)
    {
        var outcome = Climb(column, MatchLevel.Exact, MatchLevel.Blanks, PatchOptions.Tolerance.WhitespaceDrift);
        if (outcome.Places.Count == 0 || Array.Exists(hunk.Lines, line => line.LostPrefix && line.Length > 0))
            return outcome;
        var tells = Array.Exists(hunk.Lines, line => line.Kind == LineKind.Delete && !Trim.IsBlank(text.Slice(line.Start, line.Length))) || Array.TrueForAll(hunk.Lines, line => line.Kind != LineKind.Add);
        return tells || Climb(hunk, MatchLevel.Indent, MatchLevel.Indent, PatchOptions.Tolerance.None).Places.Count == 0
            ? outcome
            : Outcome.Refuse(PatchResult.Reject.Codes.Ambiguous, "The hunk is indented by one space less than the file. Begin every unchanged line with the space that marks it, followed by the line as it is.");
    }

    private Outcome Climb(Hunk hunk, MatchLevel from, MatchLevel to, PatchOptions.Tolerance used)
    {
        var old = new OldText(text, hunk.Lines.Where(line => line.IsOld));
        if (hunk.Recounted)
            used |= PatchOptions.Tolerance.RecountedHeader;
        var stated = hunk.OldStart < 0 ? -1 : Math.Max(hunk.OldStart - 1, 0);
        if (from == MatchLevel.Exact && stated >= 0 && !Misleads(hunk) && !hunk.AtEnd && old.StandsAt(File, stated, MatchLevel.Exact))
            return Take(hunk, old, stated, MatchLevel.Exact, used);
        for (var level = from; level <= to; level++)
        {
            var places = Candidates(hunk, old, level);
            if (index.Exhausted)
                return Outcome.Refuse(PatchResult.Reject.Codes.LimitExceeded, "The file repeats itself so much that finding the hunk's place would take too long.");
            if (places.Count == 0)
                continue;
            if (places.Count == 1)
                return Competes(hunk, old, places[0], level, stated) is { } rival ? Ambiguous([places[0], rival])
                    : places[0] != stated && stated >= 0 && !Allows(PatchOptions.Tolerance.LineOffset) ? Outcome.None
                    : Take(hunk, old, places[0], level, used | (places[0] != stated && stated >= 0 ? PatchOptions.Tolerance.LineOffset : PatchOptions.Tolerance.None));
            if (places.Contains(stated) && !(Misleads(hunk) && places.Exists(place => place != stated && Math.Abs(place - stated) <= Slack(hunk))))
                return Take(hunk, old, stated, level, used);
            if (hunk.Anchors.Count > 0 && AnchorScope.Narrow(File, hunk.Anchors, places) is { } place)
                return Take(hunk, old, place, level, used);
            return Ambiguous(places);
        }
        return Outcome.None;
    }

    private List<int> Candidates(Hunk hunk, OldText old, MatchLevel level)
    {
        var places = index.Find(old, level);
        if (hunk.AtEnd)
            places.RemoveAll(place => !Trim.IsBlank(RestAfter(place + old.Count)));
        if (level == MatchLevel.Exact || places.Count == 0)
            return places;
        places.RemoveAll(place => !Allows(Differences(old, place)));
        if (level == MatchLevel.Indent)
        {
            // Brackets alone, shifted, stand for anything; where the header points to them as well they are certain.
            if (old.Weight() < 6)
                places.RemoveAll(place => place != hunk.OldStart - 1);
            places.RemoveAll(place => IndentShift.Between(old, File, place) is not { } shift || !Fits(hunk, shift));
        }
        return places;
    }

    private ReadOnlySpan<byte> RestAfter(int line) => line >= File.Count ? default : File.Span[File.Start(line)..];

    private bool Fits(Hunk hunk, IndentShift shift) => Array.TrueForAll(hunk.Lines, line => line.Kind != LineKind.Add || shift.Carry(text.Slice(line.Start, line.Length)) is not null);

    /// <summary>Another place that fits almost as well and that the header or an anchor points to.</summary>
    private int? Competes(Hunk hunk, OldText old, int place, MatchLevel level, int stated)
    {
        if (level >= MatchLevel.Indent)
            return null;
        if (stated >= 0 && stated != place && old.StandsAt(File, stated, MatchLevel.Indent) && IndentShift.Between(old, File, stated) is not null)
            return stated;
        if (hunk.Anchors.Count == 0 || AnchorScope.Narrow(File, hunk.Anchors, [place]) is not null)
            return null;
        var others = index.Find(old, MatchLevel.Indent);
        return AnchorScope.Narrow(File, hunk.Anchors, others) is { } other && other != place ? other : null;
    }

    private Outcome Take(Hunk hunk, OldText old, int place, MatchLevel level, PatchOptions.Tolerance used)
    {
        if (OneSidedRepeat(hunk, place, old.Count))
            return Outcome.Refuse(PatchResult.Reject.Codes.AlreadyApplied, "The lines to add stand in the file already, exactly where they would go. Leave the hunk out if it was applied before; otherwise show unchanged lines on both sides of the addition.");
        if (IsLooseEdge(hunk, place, old.Count))
            return Outcome.Refuse(PatchResult.Reject.Codes.NoContext, "The hunk adds lines at its edge and has lost unchanged lines, so their place is not certain. Repeat it with unchanged lines on both sides of the addition.");
        var shift = level == MatchLevel.Indent ? IndentShift.Between(old, File, place) : null;
        return new([new(hunk, hunk.Lines, place, level, used | Differences(old, place)) { Shift = shift }], null);
    }

    /// <summary>An addition at the edge of its hunk, where the file has the same lines next: sent twice, most likely.</summary>
    private bool OneSidedRepeat(Hunk hunk, int place, int oldCount)
    {
        var lines = hunk.Lines;
        var tail = lines.Reverse().TakeWhile(line => line.Kind == LineKind.Add).Count();
        var head = lines.TakeWhile(line => line.Kind == LineKind.Add).Count();
        return (tail > 0 && tail < lines.Length && lines[^(tail + 1)].Kind == LineKind.Context && Stands(lines[^tail..], place + oldCount))
            || (head > 0 && head < lines.Length && lines[head].Kind == LineKind.Context && Stands(lines[..head], place - head));
    }

    /// <summary>An addition at the edge of its hunk that only the edge of the file explains, in a place that is not there.</summary>
    private bool IsLooseEdge(Hunk hunk, int place, int oldCount)
    {
        var (first, last) = (hunk.Lines[0].Kind, hunk.Lines[^1].Kind);
        if (first == LineKind.Add && place > 0 && (hunk.OldStart is 0 or 1 || Misleads(hunk)))
            return true;
        if (last != LineKind.Add || place + oldCount >= File.Count || Array.FindLast(hunk.Lines, line => line.Kind != LineKind.Add).Kind != LineKind.Context)
            return false;

        // Tools end a hunk in an addition only at the end of the file, and begin it with three lines: one with fewer has lost some.
        var leading = hunk.Lines.TakeWhile(line => line.Kind == LineKind.Context).Count();
        return Misleads(hunk) || (hunk.OldStart > 1 && leading < 3);
    }

    private bool Stands(HunkLine[] lines, int at)
    {
        var added = new OldText(text, lines);
        return added.Weight() > 0 && at >= 0 && at + added.Count <= File.Count && Enumerable.Range(0, added.Count).All(i => Trim.Blanks(added[i]).SequenceEqual(Trim.Blanks(File[at + i])));
    }

    private static Outcome Ambiguous(List<int> places) => Outcome.Refuse(
        PatchResult.Reject.Codes.Ambiguous,
        $"The old text fits at lines {string.Join(", ", places.Take(8).Order().Select(place => place + 1))}{(places.Count > 8 ? " and more" : "")}. Add unchanged lines until it fits only once.");

    /// <summary>Whether lines have gone missing from the hunk, so that its line number may mean a line that was dropped.</summary>
    private static bool Misleads(Hunk hunk) => hunk.Recounted && Slack(hunk) > 0;

    private static int Slack(Hunk hunk) => Math.Max(0, hunk.OldCount - hunk.CountOld());

    /// <summary>The reading in which every context line was written without its leading space.</summary>
    private Hunk? LostColumn(Hunk hunk)
    {
        if (!Array.Exists(hunk.Lines, line => MayLackColumn(line, text)))
            return null;
        return hunk with
        {
            Fallback = null,
            Lines = [.. hunk.Lines.Select(line => MayLackColumn(line, text) ? line with { Start = line.Start - 1, Length = line.Length + 1, LostPrefix = true } : line)],
        };
    }

    private static bool EndsInReturn(ReadOnlySpan<byte> line) => line.Length > 0 && line[^1] == '\r';

    /// <summary>What climbing the ladder led to.</summary>
    internal sealed record Outcome(IReadOnlyList<Placement> Places, PatchResult.Reject? Reject)
    {
        public static Outcome None { get; } = new([], null);

        public bool IsFinal => Places.Count > 0 || Reject is not null;

        public static Outcome Refuse(string code, string message) => new([], new(code, "", message));
    }
}
