using System.Text;

namespace Orchestrator.Patching;

/// <summary>Writes a patch set in its canonical form: git's extended diff, files and hunks in a fixed order.</summary>
internal static class PatchWriter
{
    public static byte[] Canonical(PatchSet patch)
    {
        using var output = new MemoryStream();
        var text = patch.Text;
        var sections = patch.Edits.Select(edit => (edit.Path, Bytes: Section(edit, text.Span))).ToList();
        sections.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path) is not 0 and var order ? order : left.Bytes.AsSpan().SequenceCompareTo(right.Bytes));
        foreach (var (_, bytes) in sections)
            output.Write(bytes);
        return output.ToArray();
    }

    public static string HunkText(Hunk hunk, ReadOnlySpan<byte> text)
    {
        using var output = new MemoryStream();
        WriteHunk(output, hunk, text);
        return Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length));
    }

    private static byte[] Section(FileEdit edit, ReadOnlySpan<byte> text)
    {
        using var output = new MemoryStream();
        void Line(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        if (edit.BaseHash is { } hash)
            output.Write(Encoding.UTF8.GetBytes(BaseLine.Write(edit.ReadPath, hash)));
        var (oldName, newName) = edit.Names ?? ("a/" + edit.ReadPath, "b/" + edit.Path);
        if (!edit.IsPlain)
        {
            Line($"diff --git {QuotedPath.Write("", oldName)} {QuotedPath.Write("", newName)}");
            WriteModes(edit, Line);
            if (edit.OldBlob is not null && edit.NewBlob is not null)
                Line($"index {edit.OldBlob}..{edit.NewBlob}");
        }
        if (edit.Kind == EditKind.Write)
        {
            Line("GIT binary patch");
            BinaryDelta.WriteLiteral(output, edit.Content.Span);
        }
        else if (edit.Binary is { } binary)
        {
            Line("GIT binary patch");
            BinaryDelta.WriteBlock(output, binary.Forward);
            if (binary.Backward is { } backward)
                BinaryDelta.WriteBlock(output, backward);
        }
        else if (edit.Hunks.Count > 0)
        {
            Line("--- " + (edit.Kind == EditKind.Create ? "/dev/null" : Named(oldName)));
            Line("+++ " + (edit.Kind == EditKind.Delete ? "/dev/null" : Named(newName)));
            WriteHunks(output, edit.Hunks, text);
        }
        return output.ToArray();
    }

    private static void WriteModes(FileEdit edit, Action<string> line)
    {
        switch (edit.Kind)
        {
            case EditKind.Create:
                line("new file mode " + (edit.NewMode ?? PatchTree.File.Regular));
                return;
            case EditKind.Delete when !edit.NeedsContent:
                line("whole file mode none");
                return;
            case EditKind.Delete:
                line("deleted file mode " + (edit.OldMode ?? PatchTree.File.Regular));
                return;
            case EditKind.Write:
                line($"whole {(edit.ContentIsText ? "text" : "file")} mode {edit.NewMode ?? "same"}");
                return;
            default:
                if (edit.OldMode is not null && edit.NewMode is not null)
                {
                    line("old mode " + edit.OldMode);
                    line("new mode " + edit.NewMode);
                }
                break;
        }
        var verb = edit.Kind switch { EditKind.Rename => "rename", EditKind.Copy => "copy", _ => null };
        if (verb is null)
            return;
        line($"{verb} from {QuotedPath.Write("", edit.ReadPath)}");
        line($"{verb} to {QuotedPath.Write("", edit.Path)}");
    }

    /// <summary>A name with a blank in it ends in a tab, so that no reader takes the rest for a time stamp.</summary>
    private static string Named(string name) => QuotedPath.Write("", name) + (name.Contains(' ', StringComparison.Ordinal) ? "\t" : "");

    private static void WriteHunks(MemoryStream output, IReadOnlyList<Hunk> hunks, ReadOnlySpan<byte> text)
    {
        if (hunks.Count == 1)
        {
            WriteHunk(output, hunks[0], text);
            return;
        }
        var written = new List<(int Start, byte[] Bytes)>(hunks.Count);
        foreach (var hunk in hunks)
        {
            using var one = new MemoryStream();
            WriteHunk(one, hunk, text);
            written.Add((hunk.OldStart, one.ToArray()));
        }
        written.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.Bytes.AsSpan().SequenceCompareTo(right.Bytes));
        foreach (var (_, bytes) in written)
            output.Write(bytes);
    }

    private static void WriteHunk(MemoryStream output, Hunk hunk, ReadOnlySpan<byte> text)
    {
        foreach (var anchor in hunk.Anchors)
            output.Write(Encoding.UTF8.GetBytes($"@@ {anchor}\n"));
        var numbered = hunk.OldStart >= 0;
        if (numbered)
            output.Write(Encoding.ASCII.GetBytes($"@@ -{hunk.OldStart},{hunk.CountOld()} +{Math.Max(hunk.NewStart, 0)},{hunk.CountNew()} @@\n"));
        else if (hunk.Anchors.Count == 0)
            output.Write("@@ @@\n"u8);
        foreach (var line in hunk.Lines)
        {
            if (!line.LostPrefix || !numbered)
                output.WriteByte(line.Kind switch { LineKind.Add => (byte)'+', LineKind.Delete => (byte)'-', _ => (byte)' ' });
            output.Write(text.Slice(line.Start, line.Length));
            output.WriteByte((byte)'\n');
            if (line.NoNewline)
                output.Write("\\ No newline at end of file\n"u8);
        }
        if (hunk.AtEnd)
            output.Write("*** End of File\n"u8);
    }
}
