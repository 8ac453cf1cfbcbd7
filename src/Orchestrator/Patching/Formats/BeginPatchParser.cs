namespace Orchestrator.Patching;

/// <summary>Reads the <c>*** Begin Patch</c> format: add, update, delete and move sections, hunks after <c>@@</c> anchors, <c>*** End of File</c>.</summary>
internal static class BeginPatchParser
{
    public static bool IsStart(PatchText text, int at) => Is(text, at, "*** Begin Patch"u8);

    /// <summary>Reads the envelope at <paramref name="at"/> and returns the line behind it.</summary>
    public static int Read(PatchText text, int at)
    {
        var start = at++;
        while (at < text.Count)
        {
            if (Is(text, at, "*** End Patch"u8))
                return at + 1;
            if (Value(text, at, "*** Add File:"u8) is { } added)
                at = ReadAdd(text, at, added);
            else if (Value(text, at, "*** Delete File:"u8) is { } deleted)
                text.Edits.Add(new(EditKind.Delete, deleted) { PatchLine = ++at });
            else if (Value(text, at, "*** Update File:"u8) is { } updated)
                at = ReadUpdate(text, at, updated);
            else if (Trim.IsBlank(text.Lines[at]))
                at++;
            else if (text.StartsWith(at, "```"u8))
                return at;
            else
            {
                text.Fail(PatchResult.Reject.Codes.Malformed, "", at, "The line belongs to no section of the patch; a section begins with '*** Add File:', '*** Update File:' or '*** Delete File:'.");
                return SkipEnvelope(text, at);
            }
        }
        text.Fail(PatchResult.Reject.Codes.Truncated, "", start, "The patch has no '*** End Patch' line, so it may be cut off; send it whole.");
        return at;
    }

    private static int ReadAdd(PatchText text, int at, string path)
    {
        var start = at++;
        var lines = new List<HunkLine>();
        for (; at < text.Count && !IsSectionEnd(text, at); at++)
        {
            if (text.StartsWith(at, "+"u8))
                lines.Add(text.Content(LineKind.Add, at, 1));
            else if (!Trim.IsBlank(text.Lines[at]))
            {
                text.Fail(PatchResult.Reject.Codes.Malformed, path, at, "Every line of an added file has to begin with '+'.");
                return SkipSection(text, at);
            }
            else if (!RestIsBlank(text, at))
                lines.Add(text.Content(LineKind.Add, at, 0) with { Length = 0 });
        }
        var hunks = lines.Count == 0 ? (IReadOnlyList<Hunk>)[] : [new Hunk([.. lines]) { PatchLine = start + 1, OldStart = 0, OldCount = 0 }];
        text.Edits.Add(new(EditKind.Create, path) { PatchLine = start + 1, Hunks = hunks });
        return at;
    }

    private static int ReadUpdate(PatchText text, int at, string path)
    {
        var start = at++;
        string? target = null;
        if (Value(text, at, "*** Move to:"u8) is { } moved)
        {
            target = moved;
            at++;
        }
        var hunks = new List<Hunk>();
        var anchors = new List<string>();
        var lines = new List<HunkLine>();
        var hunkLine = at;
        void Close(bool atEnd)
        {
            while (lines.Count > 0 && lines[^1] is { Kind: LineKind.Context, LostPrefix: true, Length: 0 })
                lines.RemoveAt(lines.Count - 1);
            if (lines.Count > 0)
                hunks.Add(new([.. lines]) { Anchors = [.. anchors], AtEnd = atEnd, PatchLine = hunkLine + 1, Number = hunks.Count + 1 });
            lines.Clear();
            anchors.Clear();
        }
        for (; at < text.Count; at++)
        {
            var line = text.Lines[at];
            if (Is(text, at, "*** End of File"u8))
                Close(atEnd: true);
            else if (IsSectionEnd(text, at))
                break;
            else if (HunkHeader.IsHeader(line))
            {
                if (lines.Count > 0)
                    Close(atEnd: false);
                hunkLine = at;
                if (HunkHeader.Parse(line, text.Options.Limit).Anchor is { } anchor)
                    anchors.Add(anchor);
            }
            else if (line.IsEmpty || (line.Length == 1 && line[0] == '\r'))
                lines.Add(text.Content(LineKind.Context, at, 0) with { LostPrefix = true });
            else if (line[0] == ' ')
                lines.Add(text.Content(LineKind.Context, at, 1));
            else if (line[0] == '-')
                lines.Add(text.Content(LineKind.Delete, at, 1));
            else if (line[0] == '+')
                lines.Add(text.Content(LineKind.Add, at, 1));
            else if (line[0] == '\\' && lines.Count > 0)
                lines[^1] = lines[^1] with { NoNewline = true };
            else
                lines.Add(text.Content(LineKind.Context, at, 0) with { LostPrefix = true });
        }
        Close(atEnd: false);
        if (hunks.Count == 0 && target is null)
            text.Fail(PatchResult.Reject.Codes.Malformed, path, start, "The section updates a file but holds no hunk.");
        else
            text.Edits.Add(new(target is null ? EditKind.Modify : EditKind.Rename, target ?? path) { Source = target is null ? null : path, Hunks = hunks, PatchLine = start + 1 });
        return at;
    }

    private static bool IsSectionEnd(PatchText text, int at) =>
        Is(text, at, "*** End Patch"u8) || text.StartsWith(at, "*** Add File:"u8) || text.StartsWith(at, "*** Update File:"u8) || text.StartsWith(at, "*** Delete File:"u8) || text.StartsWith(at, "```"u8);

    private static bool RestIsBlank(PatchText text, int at)
    {
        while (at < text.Count && Trim.IsBlank(text.Lines[at]))
            at++;
        return at >= text.Count || IsSectionEnd(text, at);
    }

    private static int SkipSection(PatchText text, int at)
    {
        while (at < text.Count && !IsSectionEnd(text, at))
            at++;
        return at;
    }

    private static int SkipEnvelope(PatchText text, int at)
    {
        while (at < text.Count && !Is(text, at, "*** End Patch"u8))
            at++;
        return Math.Min(at + 1, text.Count);
    }

    private static bool Is(PatchText text, int at, ReadOnlySpan<byte> word) => at < text.Count && Trim.Blanks(text.Lines[at]).SequenceEqual(word);

    private static string? Value(PatchText text, int at, ReadOnlySpan<byte> key)
    {
        if (!text.StartsWith(at, key))
            return null;
        // A new name is taken as it stands, so that one that ends in a space is seen and refused.
        var raw = Trim.End(text.Lines[at][key.Length..], (byte)'\r').TrimStart((byte)' ');
        return QuotedPath.Decode(key.SequenceEqual("*** Add File:"u8) ? raw : Trim.Both(raw)) ?? "\uFFFD";
    }
}
