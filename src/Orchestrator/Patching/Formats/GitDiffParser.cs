namespace Orchestrator.Patching;

/// <summary>Reads one section of a unified diff: git's extended form (git-diff, "Generating patch text with -p") or the plain form with <c>---</c> and <c>+++</c>.</summary>
internal static class GitDiffParser
{
    public static bool IsGitSection(PatchText text, int at) => text.StartsWith(at, "diff --git "u8);

    public static bool IsPlainSection(PatchText text, int at) =>
        text.StartsWith(at, "--- "u8) && (text.StartsWith(at + 1, "+++ "u8) || (at + 1 < text.Count && HunkHeader.IsCertainHeader(text.Lines[at + 1])));

    /// <summary>Reads the section at <paramref name="at"/> and returns the line behind it.</summary>
    public static int Read(PatchText text, int at)
    {
        var header = new SectionHeader(at);
        if (IsGitSection(text, at))
            at = header.ReadGit(text, at);
        at = header.ReadNames(text, at);
        if (header.Problem is { } problem)
        {
            text.Fail(header.ProblemCode, "", header.Line, problem);
            return SkipSection(text, at);
        }
        var edit = header.ToEdit(out problem);
        if (edit is null)
        {
            text.Fail(header.ProblemCode, "", header.Line, problem ?? "The section has no usable header.");
            return SkipSection(text, at);
        }

        if (text.StartsWith(at, "GIT binary patch"u8))
        {
            at = BinaryDelta.Read(text, at + 1, edit.Path, out var binary);
            if (binary is not null)
                text.Edits.Add(edit.Kind == EditKind.Write ? edit with { Content = binary.Forward.Data } : edit with { Binary = binary });
            return at;
        }
        if (text.StartsWith(at, "Binary files "u8) || text.StartsWith(at, "Files "u8))
        {
            text.Fail(PatchResult.Reject.Codes.BinaryMismatch, edit.Path, at, "The patch says that a binary file differs but does not hold its data; make it with 'git diff --binary'.");
            return at + 1;
        }

        var hunks = new List<Hunk>();
        var before = text.Problems.Count;
        var end = HunkParser.ReadAll(text, at, edit.Path, hunks);
        if (hunks.Count == 0 && text.Problems.Count == before && !header.StandsWithoutHunks)
            text.Fail(text.IsEnd(end) ? PatchResult.Reject.Codes.Truncated : PatchResult.Reject.Codes.Malformed, edit.Path, header.Line, "The section names a file but holds no hunk.");
        else
            text.Edits.Add(header.Refine(edit, hunks) with { Hunks = hunks });
        return hunks.Count == 0 && text.Problems.Count == before ? at : end;
    }

    private static int SkipSection(PatchText text, int at)
    {
        while (at < text.Count && !IsGitSection(text, at) && !IsPlainSection(text, at) && !text.StartsWith(at, "```"u8))
            at++;
        return at;
    }
}
