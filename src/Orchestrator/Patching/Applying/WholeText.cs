namespace Orchestrator.Patching;

/// <summary>Fits a whole file that came as text to the file it replaces: byte order mark, line ends and a missing last newline stay as they are.</summary>
internal static class WholeText
{
    public static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> text)
    {
        var mark = file.Span.StartsWith("\uFEFF"u8) && !text.Span.StartsWith("\uFEFF"u8);
        var old = new LineTable(mark ? file[3..] : file);
        var fresh = new LineTable(text);
        var script = LineDiff.Compare(new LineTable(Plain(old)), new LineTable(Plain(fresh)));
        using var output = new MemoryStream(text.Length + 16);
        if (mark)
            output.Write("\uFEFF"u8);
        var ends = new LineEnds(old);
        var copied = 0;
        foreach (var change in script)
        {
            output.Write(old.Span[old.Start(copied)..old.Start(change.OldStart)]);
            copied = change.OldEnd;
            var end = ends.Beside(change.OldStart, change.OldEnd);
            if (change.NewStart < change.NewEnd && change.OldStart == change.OldEnd && change.OldStart == old.Count && old.EndsWithoutNewline)
                output.Write(end);
            for (var line = change.NewStart; line < change.NewEnd; line++)
            {
                output.Write(Trim.End(fresh[line], (byte)'\r'));
                if (line < fresh.Count - 1 || !old.EndsWithoutNewline)
                    output.Write(end);
            }
        }
        output.Write(old.Span[old.Start(copied)..]);
        return output.ToArray();
    }

    /// <summary>The lines without carriage returns, every one with a line feed: what is compared.</summary>
    private static byte[] Plain(LineTable lines)
    {
        using var plain = new MemoryStream(lines.Bytes.Length);
        for (var line = 0; line < lines.Count; line++)
        {
            plain.Write(Trim.End(lines[line], (byte)'\r'));
            plain.WriteByte((byte)'\n');
        }
        return plain.ToArray();
    }
}
