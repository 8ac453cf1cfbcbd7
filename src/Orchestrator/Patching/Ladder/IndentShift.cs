namespace Orchestrator.Patching;

/// <summary>The one difference in indentation between a hunk and the file: blanks more, blanks less, or blanks for tabs.</summary>
internal abstract record IndentShift
{
    private IndentShift()
    {
    }

    /// <summary>The shift that carries every old line onto the file's, or null when there is no single one.</summary>
    public static IndentShift? Between(OldText text, LineTable file, int start) =>
        (IndentShift?)Deeper.Find(text, file, start) ?? (IndentShift?)Shallower.Find(text, file, start) ?? Retabbed.Find(text, file, start);

    /// <summary>The added line with the file's indentation, or null when the shift does not fit it.</summary>
    public abstract byte[]? Carry(ReadOnlySpan<byte> line);

    /// <summary>The file has these blanks before every line.</summary>
    public sealed record Deeper(byte[] Blanks) : IndentShift
    {
        public static Deeper? Find(OldText text, LineTable file, int start)
        {
            byte[]? blanks = null;
            for (var i = 0; i < text.Count; i++)
            {
                if (Trim.IsBlank(text[i]))
                    continue;
                var patchIndent = Trim.Indent(text[i]);
                var fileIndent = Trim.Indent(file[start + i]);
                if (!fileIndent.EndsWith(patchIndent))
                    return null;
                var difference = fileIndent[..(fileIndent.Length - patchIndent.Length)];
                blanks ??= difference.ToArray();
                if (!difference.SequenceEqual(blanks))
                    return null;
            }
            return blanks is null ? null : new(blanks);
        }

        public override byte[]? Carry(ReadOnlySpan<byte> line) => Trim.IsBlank(line) ? line.ToArray() : [.. Blanks, .. line];
    }

    /// <summary>The patch has these blanks before every line, the file has not.</summary>
    public sealed record Shallower(byte[] Blanks) : IndentShift
    {
        public static Shallower? Find(OldText text, LineTable file, int start)
        {
            byte[]? blanks = null;
            for (var i = 0; i < text.Count; i++)
            {
                if (Trim.IsBlank(text[i]))
                    continue;
                var patchIndent = Trim.Indent(text[i]);
                var fileIndent = Trim.Indent(file[start + i]);
                if (!patchIndent.EndsWith(fileIndent))
                    return null;
                var difference = patchIndent[..(patchIndent.Length - fileIndent.Length)];
                blanks ??= difference.ToArray();
                if (!difference.SequenceEqual(blanks))
                    return null;
            }
            return blanks is null ? null : new(blanks);
        }

        public override byte[]? Carry(ReadOnlySpan<byte> line) => Trim.IsBlank(line) ? line.ToArray() : line.StartsWith(Blanks) ? line[Blanks.Length..].ToArray() : null;
    }

    /// <summary>One side indents with tabs, the other with a fixed number of spaces for each.</summary>
    public sealed record Retabbed(int Width, bool FileHasTabs) : IndentShift
    {
        public static Retabbed? Find(OldText text, LineTable file, int start)
        {
            Retabbed? found = null;
            for (var i = 0; i < text.Count; i++)
            {
                if (Trim.IsBlank(text[i]))
                    continue;
                var patchIndent = Trim.Indent(text[i]);
                var fileIndent = Trim.Indent(file[start + i]);
                if (patchIndent.IsEmpty && fileIndent.IsEmpty)
                    continue;
                var fileHasTabs = fileIndent.Contains((byte)'\t');
                var tabs = fileHasTabs ? fileIndent : patchIndent;
                var spaces = fileHasTabs ? patchIndent : fileIndent;
                if (tabs.IsEmpty || tabs.ContainsAnyExcept((byte)'\t') || spaces.IsEmpty || spaces.ContainsAnyExcept((byte)' ') || spaces.Length % tabs.Length != 0)
                    return null;
                var here = new Retabbed(spaces.Length / tabs.Length, fileHasTabs);
                found ??= here;
                if (here != found || here.Width is not (2 or 3 or 4 or 8))
                    return null;
            }
            return found;
        }

        public override byte[]? Carry(ReadOnlySpan<byte> line)
        {
            if (Trim.IsBlank(line))
                return line.ToArray();
            var indent = Trim.Indent(line);
            var rest = line[indent.Length..];
            if (FileHasTabs)
            {
                if (indent.ContainsAnyExcept((byte)' ') || indent.Length % Width != 0)
                    return null;
                return [.. Enumerable.Repeat((byte)'\t', indent.Length / Width), .. rest];
            }
            if (indent.ContainsAnyExcept((byte)'\t'))
                return null;
            return [.. Enumerable.Repeat((byte)' ', indent.Length * Width), .. rest];
        }
    }
}
