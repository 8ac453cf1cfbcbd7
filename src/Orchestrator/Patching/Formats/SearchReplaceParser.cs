namespace Orchestrator.Patching;

/// <summary>Reads <c>&lt;&lt;&lt;&lt;&lt;&lt;&lt; SEARCH</c>, <c>=======</c>, <c>&gt;&gt;&gt;&gt;&gt;&gt;&gt; REPLACE</c> blocks, as aider's edit-block format has them: the path on a line above, before or inside the fence.</summary>
internal static class SearchReplaceParser
{
    public static bool IsStart(PatchText text, int at) => IsMarker(text.Header(at), (byte)'<') && (Says(text.Header(at), "SEARCH") || Says(text.Header(at), "ORIGINAL"));

    /// <summary>Reads the block at <paramref name="at"/> and returns the line behind it.</summary>
    public static int Read(PatchText text, int at, string? path, Dictionary<string, List<Hunk>> byPath)
    {
        var start = at;
        var divider = Find(text, at + 1, (byte)'=', out var clash);
        var end = divider < 0 || clash ? -1 : Find(text, divider + 1, (byte)'>', out clash);
        if (end < 0 || clash)
        {
            text.Fail(clash ? PatchResult.Reject.Codes.Malformed : PatchResult.Reject.Codes.Truncated, path ?? "", start, "The block has no '=======' line or no '>>>>>>> REPLACE' line; send the whole block again.");
            return clash ? start + 1 : text.Count;
        }
        if (path is null)
        {
            text.Fail(PatchResult.Reject.Codes.MissingPath, "", start, "No path stands above the block; write the file's path on a line of its own before it.");
            return end + 1;
        }
        var lines = new List<HunkLine>();
        LinePairing.Append(text, at + 1, divider, divider + 1, end, lines);
        if (!byPath.TryGetValue(path, out var hunks))
            byPath.Add(path, hunks = []);
        hunks.Add(new([.. lines]) { PatchLine = start + 1, Number = hunks.Count + 1 });
        return end + 1;
    }

    private static int Find(PatchText text, int at, byte marker, out bool clash)
    {
        clash = false;
        for (; at < text.Count; at++)
        {
            var line = text.Header(at);
            if (IsStart(text, at))
            {
                clash = true;
                return -1;
            }
            if (IsMarker(line, marker) && (marker == '=' ? Trim.Blanks(line).IndexOfAnyExcept((byte)'=') < 0 : Says(line, "REPLACE") || Says(line, "UPDATED")))
                return at;
        }
        return -1;
    }

    private static bool IsMarker(ReadOnlySpan<byte> line, byte marker)
    {
        var run = line.IndexOfAnyExcept(marker) switch { < 0 => line.Length, var at => at };
        return run is >= 5 and <= 9;
    }

    private static bool Says(ReadOnlySpan<byte> line, string word) =>
        Trim.Both(line.TrimStart("<>"u8)).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(word));
}
