namespace Orchestrator.Patching;

/// <summary>Walks a reply line by line, hands each edit it meets to the parser of its format, and sets prose and fences aside.</summary>
internal static class FormatScanner
{
    public static void Scan(PatchText text)
    {
        var blocks = new Dictionary<string, List<Hunk>>(StringComparer.Ordinal);
        string? lastPath = null;
        string? blockPath = null;
        var at = 0;
        while (at < text.Count)
        {
            var before = text.Edits.Count + text.Problems.Count;
            if (GitDiffParser.IsGitSection(text, at) || GitDiffParser.IsPlainSection(text, at))
                at = Math.Max(at + 1, GitDiffParser.Read(text, at));
            else if (BeginPatchParser.IsStart(text, at))
                at = BeginPatchParser.Read(text, at);
            else if (SearchReplaceParser.IsStart(text, at))
            {
                blockPath = lastPath ?? MentionedAbove(text, at) ?? blockPath;
                at = SearchReplaceParser.Read(text, at, blockPath, blocks);
                lastPath = null;
            }
            else if (HunkHeader.IsCertainHeader(text.Lines[at]))
            {
                text.Fail(PatchResult.Reject.Codes.MissingPath, "", at, "A hunk stands without the '---' and '+++' lines that name its file.");
                at = SkipHunks(text, at);
            }
            else if (text.StartsWith(at, "@@@ "u8) || text.StartsWith(at, "diff --cc "u8) || text.StartsWith(at, "diff --combined "u8))
            {
                text.Fail(PatchResult.Reject.Codes.Malformed, "", at, "The difference of a merge has several old sides; make one against a single parent.");
                return;
            }
            else
            {
                // Prose that speaks of another file: the next block is no longer for the last one.
                if (!BaseLine.TryRead(text, at) && blocks.Count > 0 && HeaderPaths.Mentioned(text.Header(at)).FirstOrDefault(path => path != blockPath) is not null)
                    blockPath = null;
                if (!BaseLine.TryRead(text, at))
                    lastPath = PathOn(text, at) ?? (Trim.IsBlank(text.Lines[at]) || text.StartsWith(at, "```"u8) ? lastPath : null);
                at++;
                continue;
            }
            if (text.Edits.Count + text.Problems.Count > before)
                lastPath = null;
            if (text.Edits.Count > text.Options.Limit.Files)
                break;
        }
        foreach (var (path, hunks) in blocks)
            text.Edits.Add(FromBlocks(text, path, hunks));
        if (text.Edits.Count == 0 && text.Problems.Count == 0)
            WholeFileParser.Scan(text);
    }

    /// <summary>A block with nothing to search for makes a new file.</summary>
    private static FileEdit FromBlocks(PatchText text, string path, List<Hunk> hunks)
    {
        var isCreate = hunks is [var only] && Array.TrueForAll(only.Lines, line => line.Kind == LineKind.Add || (line.IsOld && Trim.IsBlank(text.Lines.Slice(line.Start, line.Length))));
        if (!isCreate)
            return new(EditKind.Modify, path) { Hunks = hunks, PatchLine = hunks[0].PatchLine };
        var added = hunks[0].Lines.Where(line => line.Kind == LineKind.Add || line.Kind == LineKind.Context).Select(line => line.With(LineKind.Add));
        return new(EditKind.Create, path) { Hunks = [hunks[0] with { Lines = [.. added], OldStart = 0, OldCount = 0 }], PatchLine = hunks[0].PatchLine, MayFill = true };
    }

    /// <summary>The path a line of prose or the line that opens a fence holds.</summary>
    public static string? PathOn(PatchText text, int at)
    {
        var line = text.Header(at);
        if (line.StartsWith("```"u8))
        {
            line = line.TrimStart((byte)'`');
            var info = HeaderPaths.Loose(line[(line.IndexOf((byte)' ') + 1)..]);
            var colon = info?.LastIndexOf(':') ?? -1;
            info = colon >= 0 ? info![(colon + 1)..] : info;
            return HeaderPaths.LooksLikePath(info) ? info : null;
        }
        var path = HeaderPaths.Loose(line);
        return HeaderPaths.LooksLikePath(path) ? path : null;
    }

    /// <summary>The only path that the sentence right above a block or its fence speaks of.</summary>
    private static string? MentionedAbove(PatchText text, int at)
    {
        for (at--; at >= 0 && (Trim.IsBlank(text.Lines[at]) || text.StartsWith(at, "```"u8)); at--)
        {
        }
        return at >= 0 && HeaderPaths.Mentioned(text.Header(at)).Distinct(StringComparer.Ordinal).ToList() is [var only] && text.Header(at).EndsWith(":"u8) ? only : null;
    }

    private static int SkipHunks(PatchText text, int at)
    {
        at++;
        while (at < text.Count && !GitDiffParser.IsGitSection(text, at) && !GitDiffParser.IsPlainSection(text, at) && !text.StartsWith(at, "```"u8))
            at++;
        return at;
    }
}
