namespace Orchestrator.Patching;

/// <summary>Merges two files that were made from the same base, line by line.</summary>
public static class ThreeWayMerge
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
        var chunks = MergeChunk.Of(LineDiff.Compare(baseLines, ourLines), LineDiff.Compare(baseLines, theirLines));
        var output = new ByteWriter(Math.Max(ours.Length, theirs.Length));
        var conflicts = new List<Clash>();
        var copied = 0;
        foreach (var chunk in chunks)
        {
            output.Write(Bytes(baseLines, copied, chunk.BaseStart).Span);
            copied = chunk.BaseEnd;
            var our = Bytes(ourLines, chunk.OurStart, chunk.OurEnd);
            var their = Bytes(theirLines, chunk.TheirStart, chunk.TheirEnd);
            if (!chunk.TheirsChanged || our.Span.SequenceEqual(their.Span))
                output.Write(our.Span);
            else if (!chunk.OursChanged)
                output.Write(their.Span);
            else
                conflicts.Add(new(chunk.BaseStart + 1, Bytes(baseLines, chunk.BaseStart, chunk.BaseEnd), our, their));
        }
        output.Write(Bytes(baseLines, copied, baseLines.Count).Span);
        return conflicts.Count > 0 ? new(null, conflicts) : new(output.Written, []);
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
