namespace Orchestrator.Patching;

/// <summary>Text in, patch set out: limits first, then the formats.</summary>
internal static class PatchReader
{
    public static PatchSet Read(ReadOnlyMemory<byte> bytes, PatchOptions options)
    {
        var limit = options.Limit;
        if (bytes.Length > limit.PatchBytes)
            return Refused($"The patch has {bytes.Length} bytes; the limit is {limit.PatchBytes}.");
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var lines = new LineTable(bytes);
        if (lines.Count > limit.PatchLines)
            return Refused($"The patch has {lines.Count} lines; the limit is {limit.PatchLines}.");

        var text = new PatchText(lines, options);
        FormatScanner.Scan(text);
        if (text.Edits.Count > limit.Files)
            return Refused($"The patch touches more than {limit.Files} files.");
        if (text.Edits.Sum(edit => (long)edit.Hunks.Count) > limit.Hunks)
            return Refused($"The patch has more than {limit.Hunks} hunks.");
        if (text.Edits.Count == 0 && text.Problems.Count == 0)
            text.Problems.Add(new(PatchResult.Reject.Codes.NoPatch, "", "The text holds no edit; send a unified diff, SEARCH/REPLACE blocks or a '*** Begin Patch' section."));
        var edits = text.Bases.Count == 0 ? text.Edits : [.. text.Edits.Select(edit => text.Bases.TryGetValue(edit.ReadPath, out var hash) ? edit with { BaseHash = hash } : edit)];
        return new(lines, edits, text.Problems);
    }

    private static PatchSet Refused(string message) => new(new LineTable(default), [], [new(PatchResult.Reject.Codes.LimitExceeded, "", message)]);
}
