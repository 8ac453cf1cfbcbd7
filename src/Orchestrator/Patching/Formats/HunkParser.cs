namespace Orchestrator.Patching;

/// <summary>Reads the body of a unified hunk. The counts of the header decide while they make sense; when they do not, the structure of the text does.</summary>
internal static class HunkParser
{
    /// <summary>Reads every hunk from <paramref name="at"/> on and returns the line behind the last one.</summary>
    public static int ReadAll(PatchText text, int at, string path, List<Hunk> hunks)
    {
        var anchors = new List<string>();
        while (true)
        {
            var next = at;
            while (next < text.Count && Trim.IsBlank(text.Lines[next]))
                next++;
            if (next >= text.Count || !HunkHeader.IsHeader(text.Lines[next]))
                return hunks.Count == 0 ? next : at;
            var header = HunkHeader.Parse(text.Lines[next], text.Options.Limit);
            if (header.Oversized)
            {
                text.Fail(PatchResult.Reject.Codes.LimitExceeded, path, next, "A hunk header states a line number or count above the limit.", hunks.Count + 1);
                return Skip(text, next + 1);
            }
            if (header.Anchor is { } anchor)
                anchors.Add(anchor);
            if (!header.HasNumbers && next + 1 < text.Count && HunkHeader.IsHeader(text.Lines[next + 1]))
            {
                at = next + 1;
                continue;
            }
            at = Read(text, next, header, path, [.. anchors], hunks);
            anchors.Clear();
            if (hunks.Count > 0 && Trim.Blanks(text.Header(at)).SequenceEqual("*** End of File"u8))
            {
                hunks[^1] = hunks[^1] with { AtEnd = true };
                at++;
            }
        }
    }

    /// <summary>Whether a new section, fence or format begins here, whatever the counts say.</summary>
    public static bool IsBoundary(PatchText text, int line)
    {
        if (line >= text.Count)
            return true;
        var content = text.Lines[line];
        if (content.IsEmpty)
            return false;
        return content[0] switch
        {
            (byte)'d' => content.StartsWith("diff --git "u8) || content.StartsWith("diff -"u8),
            (byte)'@' => HunkHeader.IsHeader(content),
            (byte)'-' => content.StartsWith("--- "u8) && text.StartsWith(line + 1, "+++ "u8) && HunkHeader.IsHeader(text.Lines[Math.Min(line + 2, text.Count - 1)]),
            (byte)'`' => content.StartsWith("```"u8),
            (byte)'~' => content.StartsWith("~~~"u8),
            (byte)'*' => content.StartsWith("*** "u8),
            (byte)'I' => content.StartsWith("Index: "u8) && text.StartsWith(line + 1, "====="u8),
            _ => false,
        };
    }

    private static int Read(PatchText text, int headerLine, HunkHeader header, string path, IReadOnlyList<string> anchors, List<Hunk> hunks)
    {
        var first = headerLine + 1;
        var counted = header.HasNumbers ? ByCounts(text, first, header, out var countedEnd) : Miss(out countedEnd);
        Hunk Make(HunkLine[] lines, bool recounted) => new(Array.Exists(lines, line => line.IsOld) ? lines : WithoutTransport(text, headerLine, lines))
        {
            OldStart = header.OldStart,
            OldCount = header.OldCount,
            NewStart = header.NewStart,
            NewCount = header.NewCount,
            Anchors = anchors,
            Recounted = recounted,
            PatchLine = headerLine + 1,
            Number = hunks.Count + 1,
        };
        if (counted is not null && HasStrays(text, countedEnd, counted: true))
            counted = null;
        if (counted is not null && !Array.Exists(counted, line => line.LostPrefix))
        {
            hunks.Add(Make(counted, recounted: false));
            return countedEnd;
        }

        var structural = ByStructure(text, first, header, out var structuralEnd, out var terminated);
        if (counted is not null)
        {
            // Unmarked lines fit the counts: context that lost its space, unless that text has no place and was prose.
            var prose = Make(structural, recounted: true);
            hunks.Add(Make(counted, recounted: false) with { Fallback = prose.HasChange && !HasStrays(text, structuralEnd, counted: false) ? prose : null });
            return countedEnd;
        }
        var hunk = Make(structural, recounted: header.HasNumbers);
        if (header.HasNumbers && IsTruncated(hunk, terminated) && ElidedPlaces.Has(text.Lines, hunk))
        {
            hunks.Add(hunk with { MayBeCut = true });
            return structuralEnd;
        }
        if (header.HasNumbers && IsTruncated(hunk, terminated))
        {
            text.Fail(PatchResult.Reject.Codes.Truncated, path, headerLine, "The text ends before the lines that the hunk's header announces; send the whole hunk again.", hunk.Number);
            return structuralEnd;
        }
        if (terminated && HasStrays(text, structuralEnd, counted: false))
            text.Fail(PatchResult.Reject.Codes.Malformed, path, structuralEnd, "The hunk is interrupted by a line without a mark. Every line of a hunk begins with a space, '+' or '-'.", hunk.Number);
        else if (structural.Length == 0)
            text.Fail(PatchResult.Reject.Codes.Malformed, path, headerLine, "The hunk has no lines.", hunk.Number);
        else
            hunks.Add(hunk);
        return structuralEnd;
    }

    /// <summary>A new file in a text whose headers end in CRLF as well: the line ends came with the text, not with the file.</summary>
    private static HunkLine[] WithoutTransport(PatchText text, int headerLine, HunkLine[] lines)
    {
        if (!text.Lines[headerLine].EndsWith("\r"u8))
            return lines;
        return [.. lines.Select(line => text.Lines.Slice(line.Start, line.Length).EndsWith("\r"u8) ? line with { Length = line.Length - 1 } : line)];
    }

    /// <summary>Whether changed lines follow that no hunk would own, so that ending the hunk here would lose part of it.</summary>
    private static bool HasStrays(PatchText text, int at, bool counted)
    {
        for (; at < text.Count && !IsBoundary(text, at) && !IsSignature(text, at); at++)
        {
            var line = text.Lines[at];
            if (line.IsEmpty || line[0] is not ((byte)'+' or (byte)'-') || (counted && Trim.Blanks(line).IndexOfAnyExcept((byte)'-') < 0))
                continue;
            if (text.StartsWith(at, "--- "u8) && text.StartsWith(at + 1, "+++ "u8))
                return false;
            // Behind a hunk whose counts are right a list in prose is likelier than more lines.
            if (!counted || line.Length < 2 || line[1] != ' ' || (line.Length > 2 && line[2] == ' '))
                return true;
        }
        return false;
    }

    private static HunkLine[]? Miss(out int end)
    {
        end = 0;
        return null;
    }

    private static HunkLine[]? ByCounts(PatchText text, int at, HunkHeader header, out int end)
    {
        var (oldLeft, newLeft) = (header.OldCount, header.NewCount);
        var lines = new List<HunkLine>(Math.Min(oldLeft + newLeft, text.Count - at + 1));
        end = at;
        while (oldLeft > 0 || newLeft > 0)
        {
            if (at >= text.Count)
                return null;
            var content = text.Lines[at];
            var first = content.IsEmpty ? (byte)'\r' : content[0];
            switch (first)
            {
                case (byte)' ':
                    lines.Add(text.Content(LineKind.Context, at, 1));
                    (oldLeft, newLeft) = (oldLeft - 1, newLeft - 1);
                    break;
                case (byte)'-':
                    lines.Add(text.Content(LineKind.Delete, at, 1));
                    oldLeft--;
                    break;
                case (byte)'+':
                    lines.Add(text.Content(LineKind.Add, at, 1));
                    newLeft--;
                    break;
                case (byte)'\\' when lines.Count > 0:
                    MarkNoNewline(lines);
                    break;
                case (byte)'\r' when content.Length <= 1:
                    lines.Add(text.Content(LineKind.Context, at, 0));
                    (oldLeft, newLeft) = (oldLeft - 1, newLeft - 1);
                    break;
                default:
                    if (IsBoundary(text, at))
                        return null;
                    lines.Add(text.Content(LineKind.Context, at, 0) with { LostPrefix = true });
                    (oldLeft, newLeft) = (oldLeft - 1, newLeft - 1);
                    break;
            }
            if (oldLeft < 0 || newLeft < 0)
                return null;
            at++;
        }
        if (text.StartsWith(at, "\\"u8) && lines.Count > 0)
        {
            MarkNoNewline(lines);
            at++;
        }
        end = at;
        return EndsCleanly(text, at) ? [.. lines] : null;
    }

    /// <summary>Whether nothing that could belong to the hunk follows the counted lines.</summary>
    private static bool EndsCleanly(PatchText text, int at)
    {
        if (IsSignature(text, at))
            return true;
        while (at < text.Count && Trim.IsBlank(text.Lines[at]) && !text.StartsWith(at, " "u8))
            at++;
        if (IsBoundary(text, at) || IsSignature(text, at))
            return true;
        if (text.StartsWith(at, "--- "u8) && text.StartsWith(at + 1, "+++ "u8))
            return true;
        return text.Lines[at][0] is not ((byte)' ' or (byte)'+' or (byte)'-' or (byte)'\\');
    }

    /// <summary>The line "-- " with which mailed patches end.</summary>
    private static bool IsSignature(PatchText text, int at) => at < text.Count && text.Header(at).SequenceEqual("-- "u8);

    private static HunkLine[] ByStructure(PatchText text, int at, HunkHeader header, out int end, out bool terminated)
    {
        var lines = new List<HunkLine>();
        var solid = 0;
        end = at;
        terminated = false;
        for (; at < text.Count; at++)
        {
            if (IsBoundary(text, at) || (IsSignature(text, at) && text.IsEnd(at + 2)))
            {
                terminated = true;
                break;
            }
            var content = text.Lines[at];
            var first = content.IsEmpty ? (byte)'\r' : content[0];
            if (first == '\\' && lines.Count > 0)
                MarkNoNewline(lines);
            else if (first == ' ')
                lines.Add(text.Content(LineKind.Context, at, 1));
            else if (first == '-')
                lines.Add(text.Content(LineKind.Delete, at, 1));
            else if (first == '+')
                lines.Add(text.Content(LineKind.Add, at, 1));
            else if (first == '\r' && content.Length <= 1)
                lines.Add(text.Content(LineKind.Context, at, 0));
            else if (Elision.IsMarker(content))
                lines.Add(text.Content(LineKind.Context, at, 0));
            else
            {
                terminated = true;
                break;
            }
            if (first != '\r')
                (solid, end) = (lines.Count, at + 1);
        }

        // Blank lines behind the last marked one are mostly the gap before the next section; the counts may claim them.
        var wanted = solid;
        if (header.HasNumbers)
        {
            var (oldCount, newCount) = (0, 0);
            for (var i = 0; i < lines.Count; i++)
            {
                oldCount += lines[i].IsOld ? 1 : 0;
                newCount += lines[i].IsNew ? 1 : 0;
                if (i >= solid && oldCount == header.OldCount && newCount == header.NewCount)
                    wanted = i + 1;
            }
        }
        end += wanted - solid;
        return [.. lines.Take(wanted)];
    }

    private static bool IsTruncated(Hunk hunk, bool terminated)
    {
        var missingOld = hunk.OldCount - hunk.CountOld();
        var missingNew = hunk.NewCount - hunk.CountNew();
        if (missingOld < 0 || missingNew < 0 || (missingOld == 0 && missingNew == 0))
            return false;
        var trailing = 0;
        while (trailing < hunk.Lines.Length && hunk.Lines[^(trailing + 1)].Kind == LineKind.Context)
            trailing++;
        if (trailing == hunk.Lines.Length)
            return true;
        var leading = 0;
        while (hunk.Lines[leading].Kind == LineKind.Context)
            leading++;

        // Nothing follows: lines that the header announces and that are not there were cut off, whatever they were. Where something
        // follows, the writer went on, and a hunk that ends in as much context as it began with is taken for miscounted.
        return !terminated || (trailing == 0 && leading > 0 && missingOld > 0 && missingNew > 0);
    }

    private static void MarkNoNewline(List<HunkLine> lines) => lines[^1] = lines[^1] with { NoNewline = true };

    private static int Skip(PatchText text, int at)
    {
        while (at < text.Count && !IsBoundary(text, at))
            at++;
        return at;
    }
}
