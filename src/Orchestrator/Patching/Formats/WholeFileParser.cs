namespace Orchestrator.Patching;

/// <summary>Reads whole files: a path on the line before a fence, the content inside it. Looked for only where the text holds no other format.</summary>
internal static class WholeFileParser
{
    public static void Scan(PatchText text)
    {
        string? path = null;
        for (var at = 0; at < text.Count; at++)
        {
            var fence = FenceLength(text.Header(at));
            if (fence == 0)
            {
                if (!Trim.IsBlank(text.Lines[at]))
                    path = FormatScanner.PathOn(text, at);
                continue;
            }
            path = FormatScanner.PathOn(text, at) ?? path;
            var end = at + 1;
            while (end < text.Count && !(FenceLength(text.Header(end)) >= fence && IsBareFence(text.Header(end))))
                end++;
            if (path is not null)
                Add(text, path, at, end);
            path = null;
            at = end;
        }
    }

    private static void Add(PatchText text, string path, int open, int close)
    {
        if (close >= text.Count)
        {
            text.Fail(PatchResult.Reject.Codes.Truncated, path, open, "The fence around the file is never closed; send the whole file again.");
            return;
        }
        for (var at = open + 1; at < close; at++)
        {
            if (!Elision.IsMarker(text.Lines[at]))
                continue;
            text.Fail(PatchResult.Reject.Codes.ElisionInChange, path, at, "A whole file may not leave lines out; send every line.");
            return;
        }
        var start = text.Lines.Start(open + 1);
        var content = text.Lines.Bytes[start..text.Lines.Start(close)];
        text.Edits.Add(new(EditKind.Write, path) { Content = content, ContentIsText = true, PatchLine = open + 1 });
    }

    private static int FenceLength(ReadOnlySpan<byte> line)
    {
        var run = line.IndexOfAnyExcept((byte)'`') switch { < 0 => line.Length, var at => at };
        return run >= 3 ? run : 0;
    }

    private static bool IsBareFence(ReadOnlySpan<byte> line) => Trim.Blanks(line).IndexOfAnyExcept((byte)'`') < 0;
}
