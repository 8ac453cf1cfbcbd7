namespace Orchestrator.Patching;

/// <summary>Applies the hunks of one file to its bytes.</summary>
internal static class HunkApplier
{
    /// <summary>The new bytes; null with at least one reject added when any hunk has no certain place. Hunks that have one are reported either way.</summary>
    public static ReadOnlyMemory<byte>? Apply(string path, ReadOnlyMemory<byte> content, FileEdit edit, LineTable text, PatchOptions options, List<PatchResult.Reject> rejects, List<PatchResult.HunkReport> reports)
    {
        var encoding = FileEncoding.For(content.Span, text, edit.Hunks);
        var file = new LineTable(encoding.Decode(content));
        var (places, firsts) = (new List<Placement>(edit.Hunks.Count), new List<int>(edit.Hunks.Count));
        var index = new FileIndex(file, edit.Hunks, text);
        var ladder = new Ladder(index, text, options.Tolerances);
        var failed = false;
        foreach (var hunk in edit.Hunks)
        {
            var outcome = Elided(hunk, text, edit, content) ?? ladder.Place(hunk);
            if (outcome.Places.Count == 0)
            {
                failed = true;
                rejects.Add(Describe(path, hunk, outcome.Reject, index, text, explain: rejects.Count < MaxExplained));
                continue;
            }
            firsts.Add(places.Count);
            places.AddRange(outcome.Places);
        }
        var doubtful = failed ? null : Crossing(places);
        if (doubtful is not null)
            rejects.Add(Describe(path, doubtful.Hunk, _crossing, index, text, explain: true));
        if (!failed && doubtful is null && new IndentStyle(file, text, places).Settle(ladder.Allows(PatchOptions.Tolerance.Reindentation), () => Proof.Holds(edit, text, content)) is { } foreign)
        {
            doubtful = foreign;
            rejects.Add(Describe(path, foreign.Hunk, _otherStyle, index, text, explain: false));
        }
        foreach (var first in firsts)
        {
            if (!ReferenceEquals(places[first].Hunk, doubtful?.Hunk))
                reports.Add(places[first].Report(path));
        }
        if (failed || doubtful is not null)
            return null;
        var splices = new List<Splice>();
        foreach (var place in places)
            Splice.AddFrom(place, splices);
        if (Splicer.Order(splices, text) is { } clash)
        {
            rejects.Add(new(PatchResult.Reject.Codes.Overlap, path, $"Hunks {clash.First.Number} and {clash.Second.Number} change the same lines differently; merge them into one.") { Hunk = clash.Second.Number, PatchLine = clash.Second.PatchLine, HunkText = PatchWriter.HunkText(clash.Second, text.Span) });
            return null;
        }
        if (Splicer.Write(file, splices, text) is not { } written)
        {
            rejects.Add(new(PatchResult.Reject.Codes.Malformed, path, "A line marked '\\ No newline at end of file' would not be the last line of the file."));
            return null;
        }
        if (encoding.Encode(written, content.Span) is { } result)
            return result;
        rejects.Add(new(PatchResult.Reject.Codes.Encoding, path, "The new text has characters that the file's encoding cannot hold."));
        return null;
    }

    private static readonly PatchResult.Reject _crossing = new(PatchResult.Reject.Codes.Ambiguous, "", "Not all context lines fit the file, and what is left of them stands on the wrong side of another hunk. Send the hunk again with context copied from the file.");

    private static readonly PatchResult.Reject _otherStyle = new(PatchResult.Reject.Codes.Indentation, "", "The file is indented with tabs and the added lines with spaces, or the other way round, and nothing shows that this is meant. Indent the added lines as the file does, or show an unchanged line that is indented.");

    /// <summary>Refusals that show the nearest region; more would help nobody and take long.</summary>
    private const int MaxExplained = 100;

    /// <summary>A hunk placed by part of its context, behind one that its line number puts it before, or the other way round.</summary>
    private static Placement? Crossing(List<Placement> places) => places.Find(place => place.Used.HasFlag(PatchOptions.Tolerance.ReducedContext) && place.Hunk.OldStart > 0
        && places.Exists(other => other.Hunk.OldStart > 0 && Math.Sign(other.Hunk.OldStart - place.Hunk.OldStart) * Math.Sign(other.Start - place.Start) < 0));

    /// <summary>A refusal when the hunk leaves out lines among those it adds or removes. An ellipsis that the hunk also removes, or that git's name of the result proves, is meant literally.</summary>
    private static Ladder.Outcome? Elided(Hunk hunk, LineTable text, FileEdit edit, ReadOnlyMemory<byte> content)
    {
        var added = hunk.Lines.Where(line => line.Kind == LineKind.Add && Elision.IsMarker(text.Slice(line.Start, line.Length))).ToList();
        if (added.Count == 0)
            return null;
        foreach (var line in added)
        {
            var marker = Trim.Both(text.Slice(line.Start, line.Length)).ToArray();
            if (!Array.Exists(hunk.Lines, other => other.Kind == LineKind.Delete && Trim.Both(text.Slice(other.Start, other.Length)).SequenceEqual(marker)))
                return Proof.Holds(edit, text, content) ? null : Ladder.Outcome.Refuse(PatchResult.Reject.Codes.ElisionInChange, "An added line says '...', so lines are left out of the change. Write every line that is to stand in the file.");
        }
        return null;
    }

    private static PatchResult.Reject Describe(string path, Hunk hunk, PatchResult.Reject? reject, FileIndex index, LineTable text, bool explain)
    {
        if (reject is null)
        {
            var fresh = new OldText(text, (hunk.Fallback ?? hunk).Lines.Where(line => line.IsNew));
            reject = fresh.Weight() > 0 && index.Find(fresh, MatchLevel.Blanks, 1).Count > 0
                ? new(PatchResult.Reject.Codes.AlreadyApplied, path, "The old text is not in the file, and the new text is: the change seems to be in place already. Leave the hunk out.")
                : new(PatchResult.Reject.Codes.NotFound, path, "The old text is not in the file. Send the hunk again with unchanged and removed lines copied from the file as it is now.");
        }
        reject = reject with { Path = path, Hunk = hunk.Number, PatchLine = hunk.PatchLine, HunkText = PatchWriter.HunkText(hunk, text.Span) };
        return reject.Code is PatchResult.Reject.Codes.Ambiguous || !explain ? reject : NearestRegion.Explain(reject, index, text, hunk);
    }
}
