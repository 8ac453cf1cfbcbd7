using System.Text;

namespace Orchestrator.Patching;

/// <summary>One file of a written diff.</summary>
internal sealed record DiffSection(string OldPath, string Path, PatchTree.File? Old, PatchTree.File? New)
{
    /// <summary>Joins a deletion and a creation of the same bytes into a rename, in path order.</summary>
    public static List<DiffSection> PairRenames(List<DiffSection> sections)
    {
        var gone = new Dictionary<string, Queue<DiffSection>>(StringComparer.Ordinal);
        foreach (var section in sections.Where(section => section.New is null && section.Old is { Content.Length: > 0, Mode: PatchTree.File.Regular or PatchTree.File.Executable }))
        {
            var name = GitBlob.Name(section.Old!.Content.Span) + section.Old.Mode;
            (gone.TryGetValue(name, out var queue) ? queue : gone[name] = new()).Enqueue(section);
        }
        if (gone.Count == 0)
            return sections;
        var renamed = new HashSet<DiffSection>();
        var result = new List<DiffSection>();
        foreach (var section in sections)
        {
            if (section is { Old: null, New: { Content.Length: > 0 } fresh } && gone.TryGetValue(GitBlob.Name(fresh.Content.Span) + fresh.Mode, out var queue) && queue.TryDequeue(out var source))
            {
                renamed.Add(source);
                result.Add(new(source.Path, section.Path, source.Old, fresh));
            }
            else
            {
                result.Add(section);
            }
        }
        result.RemoveAll(renamed.Contains);
        return result;
    }

    public void Write(Stream output, int context)
    {
        if (Old is not null && New is not null && Old.Mode[..2] != New.Mode[..2])
        {
            // Git has no way to say that a file became a link but to remove the one and make the other.
            (this with { New = null }).Write(output, context);
            (this with { Old = null }).Write(output, context);
            return;
        }
        void Line(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        Line($"diff --git {QuotedPath.Write("a/", OldPath)} {QuotedPath.Write("b/", Path)}");
        if (Old is null)
            Line("new file mode " + New!.Mode);
        else if (New is null)
            Line("deleted file mode " + Old.Mode);
        else if (Old.Mode != New.Mode)
            Line($"old mode {Old.Mode}\nnew mode {New.Mode}");
        if (OldPath != Path)
            Line($"similarity index 100%\nrename from {QuotedPath.Write("", OldPath)}\nrename to {QuotedPath.Write("", Path)}");
        var (before, after) = (Old?.Content ?? default, New?.Content ?? default);
        if (Old is not null && New is not null && before.Span.SequenceEqual(after.Span))
            return;
        Line($"index {Name(Old)}..{Name(New)}{(Old is not null && New is not null && Old.Mode == New.Mode ? " " + Old.Mode : "")}");
        if (before.Span.Contains((byte)0) || after.Span.Contains((byte)0))
        {
            Line("GIT binary patch");
            BinaryDelta.WriteLiteral(output, after.Span);
            BinaryDelta.WriteLiteral(output, before.Span);
            return;
        }
        if (before.IsEmpty && after.IsEmpty)
            return;
        Line("--- " + (Old is null ? "/dev/null" : Named("a/", OldPath)));
        Line("+++ " + (New is null ? "/dev/null" : Named("b/", Path)));
        WriteHunks(output, new(before), new(after), context);
    }

    private static string Name(PatchTree.File? file) => file is null ? new string('0', 40) : GitBlob.Name(file.Content.Span);

    private static string Named(string prefix, string path) => QuotedPath.Write(prefix, path) + (path.Contains(' ', StringComparison.Ordinal) ? "\t" : "");

    private static void WriteHunks(Stream output, LineTable old, LineTable fresh, int context)
    {
        var script = LineDiff.Compare(old, fresh);
        for (var first = 0; first < script.Count;)
        {
            var last = first;
            while (last + 1 < script.Count && script[last + 1].OldStart - script[last].OldEnd <= 2 * context)
                last++;
            var lead = Math.Min(context, script[first].OldStart);
            var tail = Math.Min(context, old.Count - script[last].OldEnd);
            var (oldStart, oldCount) = (script[first].OldStart - lead, script[last].OldEnd + tail - script[first].OldStart + lead);
            var (newStart, newCount) = (script[first].NewStart - lead, script[last].NewEnd + tail - script[first].NewStart + lead);
            output.Write(Encoding.ASCII.GetBytes($"@@ -{Range(oldStart, oldCount)} +{Range(newStart, newCount)} @@\n"));
            var at = oldStart;
            for (; first <= last; first++)
            {
                for (; at < script[first].OldStart; at++)
                    WriteLine(output, ' ', old, at);
                for (; at < script[first].OldEnd; at++)
                    WriteLine(output, '-', old, at);
                for (var line = script[first].NewStart; line < script[first].NewEnd; line++)
                    WriteLine(output, '+', fresh, line);
            }
            for (; at < oldStart + oldCount; at++)
                WriteLine(output, ' ', old, at);
        }
    }

    private static string Range(int start, int count) => count == 1 ? $"{start + 1}" : $"{(count == 0 ? start : start + 1)},{count}";

    private static void WriteLine(Stream output, char mark, LineTable lines, int line)
    {
        output.WriteByte((byte)mark);
        output.Write(lines[line]);
        output.WriteByte((byte)'\n');
        if (lines.LacksNewline(line))
            output.Write("\\ No newline at end of file\n"u8);
    }
}
