namespace Orchestrator.Patching;

/// <summary>Merges two files that were made from the same base, line by line.</summary>
internal static class ThreeWayMerge
{
    /// <summary>Takes every change that only one side made, and every change both made alike. Changes that overlap or touch are conflicts.</summary>
    /// <remarks>Ours and theirs may be exchanged without changing the merged bytes. Line ends belong to the lines. Contents with NUL bytes count as one piece.</remarks>
    public static Result Merge(ReadOnlyMemory<byte> @base, ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> theirs)
    {
        if (ours.Span.SequenceEqual(theirs.Span) || theirs.Span.SequenceEqual(@base.Span))
            return new(ours, []);
        if (ours.Span.SequenceEqual(@base.Span))
            return new(theirs, []);
        if (@base.Span.Contains((byte)0) || ours.Span.Contains((byte)0) || theirs.Span.Contains((byte)0))
            return new(null, [new(0, @base, ours, theirs)]);

        var (baseLines, ourLines, theirLines) = (new LineTable(@base), new LineTable(ours), new LineTable(theirs));
        var chunks = MergeChunk.Of(LineDiff.CompareWhole(baseLines, ourLines), LineDiff.CompareWhole(baseLines, theirLines));
        var conflicts = new List<Clash>();
        var (all, our, their) = (new List<ChangeUnion.Part>(), new List<ChangeUnion.Part>(), new List<ChangeUnion.Part>());
        foreach (var chunk in chunks)
        {
            var (one, other) = (Bytes(ourLines, chunk.OurStart, chunk.OurEnd), Bytes(theirLines, chunk.TheirStart, chunk.TheirEnd));
            if (chunk.OursChanged && chunk.TheirsChanged && !one.Span.SequenceEqual(other.Span))
            {
                conflicts.Add(new(chunk.BaseStart + 1, Bytes(baseLines, chunk.BaseStart, chunk.BaseEnd), one, other));
                continue;
            }
            all.Add(chunk.OursChanged ? new(chunk.BaseStart, chunk.BaseEnd, one, chunk.OurEnd - chunk.OurStart) : new(chunk.BaseStart, chunk.BaseEnd, other, chunk.TheirEnd - chunk.TheirStart));
            if (chunk.OursChanged)
                our.Add(all[^1]);
            if (chunk.TheirsChanged)
                their.Add(all[^1]);
        }
        if (conflicts.Count > 0)
            return new(null, conflicts);

        var union = new ChangeUnion(baseLines);
        if (union.Disguise(all, our, their) is { } stretch)
            return new(null, [Clash(stretch.Start, stretch.End)]);
        var merged = union.Write(all);
        return union.Shows(merged, all) ? new(merged, []) : new(null, [Clash(all[0].Start, all[^1].End)]);

        Clash Clash(int start, int end) => new(start + 1, Bytes(baseLines, start, end), Side(our, start, end), Side(their, start, end));
        ReadOnlyMemory<byte> Side(List<ChangeUnion.Part> parts, int start, int end) => union.Write(parts.FindAll(part => part.Start >= start && part.End <= end), start, end);
    }

    private static ReadOnlyMemory<byte> Bytes(LineTable lines, int from, int to) => lines.Bytes[lines.Start(from)..lines.Start(to)];

    /// <summary>What a merge came to.</summary>
    /// <param name="Merged">The merged bytes; null when there are conflicts.</param>
    /// <param name="Conflicts">The stretches both sides changed differently.</param>
    public sealed record Result(ReadOnlyMemory<byte>? Merged, IReadOnlyList<Clash> Conflicts);

    /// <summary>One stretch both sides changed differently.</summary>
    /// <param name="BaseLine">Where it begins in the base, counted from 1; 0 when whole files are meant.</param>
    /// <param name="Base">The base's bytes.</param>
    /// <param name="Ours">Our bytes.</param>
    /// <param name="Theirs">Their bytes.</param>
    public sealed record Clash(int BaseLine, ReadOnlyMemory<byte> Base, ReadOnlyMemory<byte> Ours, ReadOnlyMemory<byte> Theirs);
}
