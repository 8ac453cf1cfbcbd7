namespace Orchestrator.Patching;

/// <summary>Writes a file with its changes. Lines that no change mentions are copied byte for byte.</summary>
internal static class Splicer
{
    /// <summary>Puts changes in file order and drops repeats; the hunk numbers of a pair that cannot both hold, if any.</summary>
    public static (Hunk First, Hunk Second)? Order(List<Splice> splices, LineTable text)
    {
        splices.Sort((left, right) => (left.Start, left.End).CompareTo((right.Start, right.End)));
        var kept = 0;
        for (var i = 0; i < splices.Count; i++)
        {
            if (kept > 0)
            {
                var (before, after) = (splices[kept - 1], splices[i]);
                if (before.Start == after.Start && before.End == after.End && SameLines(before, after, text))
                    continue;
                var touches = after.Start == before.End && (before.Start == before.End || after.Start == after.End);
                if (after.Start < before.End || touches || before.Start == after.Start)
                    return (before.Placement.Hunk, after.Placement.Hunk);
            }
            splices[kept++] = splices[i];
        }
        splices.RemoveRange(kept, splices.Count - kept);
        return null;
    }

    /// <summary>The new file; null when a line said to end the file does not.</summary>
    public static ReadOnlyMemory<byte>? Write(LineTable file, List<Splice> splices, LineTable text)
    {
        var output = new ByteWriter(Estimate(file, splices));
        var ends = new LineEnds(file);
        var copied = 0;
        for (var s = 0; s < splices.Count; s++)
        {
            var splice = splices[s];
            output.Write(file.Span[file.Start(copied)..file.Start(splice.Start)]);
            copied = splice.End;
            var endsFile = splice.End == file.Count && s == splices.Count - 1;
            if (!WriteAdded(output, file, splice, text, ends, endsFile))
                return null;
        }
        output.Write(file.Span[file.Start(copied)..]);
        return output.Written;
    }

    private static bool WriteAdded(ByteWriter output, LineTable file, Splice splice, LineTable text, LineEnds ends, bool endsFile)
    {
        var placement = splice.Placement;
        var lines = placement.Lines;
        var exact = placement.Level == MatchLevel.Exact;
        var end = exact ? default : ends.Beside(splice.Start, splice.End);

        // The file's last line lacks its line feed and stays: what follows it must begin on a line of its own.
        var gap = splice.Start == splice.End && splice.Start == file.Count && file.EndsWithoutNewline;
        var last = Array.FindLastIndex(lines, splice.To - 1, splice.To - splice.From, line => line.Kind == LineKind.Add);
        if (gap && last >= 0)
            output.Write(exact ? ends.Beside(splice.Start, splice.End) : end);
        var bare = endsFile && file.EndsWithoutNewline && !exact && !Array.Exists(lines, line => line.NoNewline);
        for (var i = splice.From; i <= last; i++)
        {
            if (lines[i].Kind != LineKind.Add)
                continue;
            if (lines[i].NoNewline && !(i == last && endsFile))
                return false;
            var content = text.Slice(lines[i].Start, lines[i].Length);
            if (!exact)
                content = Trim.End(content, (byte)'\r');
            if (placement.Shift is { } shift)
                content = shift.Carry(content);
            output.Write(content);
            if (lines[i].NoNewline || (i == last && (bare || (gap && exact))))
                continue;
            if (exact)
                output.Write("\n"u8);
            else
                output.Write(end);
        }
        return true;
    }

    private static bool SameLines(Splice left, Splice right, LineTable text)
    {
        var (one, two) = (left.Added().ToArray(), right.Added().ToArray());
        if (one.Length != two.Length)
            return false;
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i].NoNewline != two[i].NoNewline || !Trim.End(text.Slice(one[i].Start, one[i].Length), (byte)'\r').SequenceEqual(Trim.End(text.Slice(two[i].Start, two[i].Length), (byte)'\r')))
                return false;
        }
        return Equals(left.Placement.Shift?.GetType(), right.Placement.Shift?.GetType());
    }

    private static int Estimate(LineTable file, List<Splice> splices)
    {
        var size = (long)file.Bytes.Length + 2;
        foreach (var splice in splices)
        {
            size -= file.Start(splice.End) - file.Start(splice.Start);
            for (var i = splice.From; i < splice.To; i++)
                size += splice.Placement.Lines[i].Kind == LineKind.Add ? splice.Placement.Lines[i].Length + 2 : 0;
        }
        return (int)Math.Clamp(size, 0, Array.MaxLength);
    }
}
