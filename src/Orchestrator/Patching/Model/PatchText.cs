namespace Orchestrator.Patching;

/// <summary>What every parser works on: the text, its limits, and where edits and problems are gathered.</summary>
internal sealed class PatchText(LineTable lines, PatchOptions options)
{
    public LineTable Lines { get; } = lines;

    public PatchOptions Options { get; } = options;

    public List<FileEdit> Edits { get; } = [];

    public List<PatchResult.Reject> Problems { get; } = [];

    /// <summary>Base hashes read from the text itself, by path.</summary>
    public Dictionary<string, string> Bases { get; } = new(StringComparer.Ordinal);

    public int InflatedBytes { get; set; }

    public int Count => Lines.Count;

    /// <summary>Whether the text comes to its end at this line or only blank lines follow.</summary>
    public bool IsEnd(int line)
    {
        while (line < Count && Trim.IsBlank(Lines[line]))
            line++;
        return line >= Count;
    }

    /// <summary>A line as headers are read: without a carriage return at its end.</summary>
    public ReadOnlySpan<byte> Header(int line) => line < Count ? Trim.End(Lines[line], (byte)'\r') : default;

    public bool StartsWith(int line, ReadOnlySpan<byte> text) => line < Count && Lines[line].StartsWith(text);

    public HunkLine Content(LineKind kind, int line, int prefix)
    {
        var start = Lines.Start(line) + prefix;
        return new(kind, start, Lines[line].Length - prefix);
    }

    public void Fail(string code, string path, int line, string message, int? hunk = null) =>
        Problems.Add(new(code, path, message) { PatchLine = line + 1, Hunk = hunk });
}
