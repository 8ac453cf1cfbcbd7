namespace Orchestrator.Patching;

/// <summary>The lines of a hunk that have to stand in the file: kept and removed ones.</summary>
internal sealed class OldText
{
    private readonly LineTable _text;
    private readonly HunkLine[] _lines;
    private readonly ulong[]?[] _hashes = new ulong[4][];

    public OldText(LineTable text, IEnumerable<HunkLine> lines)
    {
        _text = text;
        _lines = [.. lines];
    }

    public int Count => _lines.Length;

    public HunkLine Line(int index) => _lines[index];

    public ReadOnlySpan<byte> this[int index] => _text.Slice(_lines[index].Start, _lines[index].Length);

    public bool EndsTheFile => _lines.Length > 0 && _lines[^1].NoNewline;

    public ulong[] Hashes(MatchLevel level)
    {
        if (_hashes[(int)level] is { } known)
            return known;
        var hashes = new ulong[_lines.Length];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = LineHash.Of(level.Cut(this[i]));
        return _hashes[(int)level] = hashes;
    }

    /// <summary>Whether the text stands in the file at a line, byte by byte as far as the level looks.</summary>
    public bool StandsAt(LineTable file, int line, MatchLevel level)
    {
        if (line < 0 || line > file.Count - _lines.Length)
            return false;
        for (var i = 0; i < _lines.Length; i++)
        {
            if (level == MatchLevel.Exact && _lines[i].NoNewline != file.LacksNewline(line + i))
                return false;
            if (!level.Cut(this[i]).SequenceEqual(level.Cut(file[line + i])))
                return false;
        }
        // A line said to end the file has to, however much else may differ.
        return !EndsTheFile || line + _lines.Length == file.Count;
    }

    /// <summary>Letters and digits in the text: how much there is to tell one place from another.</summary>
    public int Weight()
    {
        var weight = 0;
        for (var i = 0; i < _lines.Length; i++)
            weight += WeightOf(this[i]);
        return weight;
    }

    public static int WeightOf(ReadOnlySpan<byte> line)
    {
        var weight = 0;
        foreach (var b in line)
            weight += b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) ? 1 : 0;
        return weight;
    }
}
