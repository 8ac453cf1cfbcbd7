namespace Orchestrator.Patching;

/// <summary>What one edit makes of one file's bytes.</summary>
internal static class FileContent
{
    /// <summary>The new content; null with a reject added when there is none that is certain.</summary>
    public static ReadOnlyMemory<byte>? After(FileEdit edit, PatchTree.File? start, LineTable text, PatchOptions options, List<PatchResult.Reject> rejects, List<PatchResult.HunkReport> reports)
    {
        var content = start?.Content ?? default;
        if (edit.Kind == EditKind.Write && edit.ContentIsText && start is not null && LooksLikeExcerpt(content.Span, edit.Content.Span))
        {
            rejects.Add(new(PatchResult.Reject.Codes.Ambiguous, edit.Path, "The fenced text is much shorter than the file, so it may be an excerpt. Send the whole file, or a diff.") { PatchLine = edit.PatchLine });
            return null;
        }
        if (edit.Kind == EditKind.Write)
            return edit.ContentIsText && start is not null ? WholeText.Fit(content, edit.Content) : edit.Content;
        if (edit.Binary is { } binary)
            return AfterBinary(edit, binary, content, options, rejects);
        if (edit.Hunks.Count == 0)
            return content;
        if (edit.Kind == EditKind.Create)
            content = default;
        return HunkApplier.Apply(edit.Path, content, edit, text, options, rejects, reports);
    }

    /// <summary>Whether the file is the one a deletion shows: its lines, its git name, or a base known to be the same.</summary>
    public static bool IsDeletedContent(FileEdit edit, PatchTree.File file, LineTable text, bool isBase)
    {
        var content = file.Content.Span;
        if (edit.Binary is not null)
            return edit.Binary.Backward is { IsDelta: false } whole ? content.SequenceEqual(whole.Data) : GitBlob.Names(edit.OldBlob, content);
        if (edit.Hunks.Count == 0)
            return isBase || content.IsEmpty || !edit.NeedsContent || GitBlob.Names(edit.OldBlob, content);
        if (edit.Hunks is not [var hunk])
            return false;
        var encoding = FileEncoding.For(content, text, edit.Hunks);
        var lines = new LineTable(encoding.Decode(file.Content));
        var old = new OldText(text, hunk.Lines.Where(line => line.IsOld));
        return hunk.CountNew() == 0 && old.Count == lines.Count && (!hunk.Recounted || old.Count > 0) && old.StandsAt(lines, 0, MatchLevel.LineEnds);
    }

    /// <summary>A reply often shows a part of a file under its name; taken for the whole it would delete the rest.</summary>
    private static bool LooksLikeExcerpt(ReadOnlySpan<byte> file, ReadOnlySpan<byte> text) => file.Count((byte)'\n') is > 10 and var lines && text.Count((byte)'\n') * 2 < lines;

    private static ReadOnlyMemory<byte>? AfterBinary(FileEdit edit, BinaryDelta binary, ReadOnlyMemory<byte> content, PatchOptions options, List<PatchResult.Reject> rejects)
    {
        var result = binary.Forward.Build(content.Span, options.Limit.InflatedBytes);
        if (result is null)
            return Fail("The binary delta does not fit the file.");
        if (edit.Kind != EditKind.Create && !IsPreimage(edit, binary, content.Span, result, options))
            return Fail("The file is not the one the binary patch was made from.");
        if (edit.NewBlob is { Length: 40 or 64 } name && !GitBlob.IsNull(name) && !GitBlob.Names(name, result))
            return Fail("The binary data is not what its header says.");
        return result;

        ReadOnlyMemory<byte>? Fail(string message)
        {
            rejects.Add(new(PatchResult.Reject.Codes.BinaryMismatch, edit.Path, message) { PatchLine = edit.PatchLine });
            return null;
        }
    }

    private static bool IsPreimage(FileEdit edit, BinaryDelta binary, ReadOnlySpan<byte> content, byte[] result, PatchOptions options) =>
        binary.Backward?.Build(result, options.Limit.InflatedBytes) is { } old ? content.SequenceEqual(old) : GitBlob.Names(edit.OldBlob, content);
}
