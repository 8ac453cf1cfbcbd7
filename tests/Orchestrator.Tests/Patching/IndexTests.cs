using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Tests.Patching;

/// <summary>The fast ways to split a file and to search it, beside the plain ones.</summary>
public class IndexTests
{
    [Fact]
    public void Lines_begin_where_a_plain_split_says_whatever_their_lengths()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(300)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)"\n\n\rab c\u007f"[random.Next(seed % 3 == 0 ? 2 : 8)];
            var around = new byte[bytes.Length + 7];
            bytes.CopyTo(around, 3);

            var table = new LineTable(around.AsMemory(3, bytes.Length));

            var plain = Encoding.Latin1.GetString(bytes).Split('\n').ToList();
            if (plain[^1].Length == 0)
                plain.RemoveAt(plain.Count - 1);
            Assert.Equal(plain, Enumerable.Range(0, table.Count).Select(line => Encoding.Latin1.GetString(table[line])));
            Assert.Equal(bytes.Length > 0 && bytes[^1] != '\n', table.EndsWithoutNewline);
        }
    }

    [Fact]
    public void The_index_finds_every_place_that_a_plain_search_finds_and_no_other()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var file = new LineTable(Repetitive(random, random.Next(60)));
            var patch = Hunks(random, file, out var hunks);
            var index = new FileIndex(file, hunks, patch);
            foreach (var text in hunks.Concat(hunks.Select(WithColumn)).OrderBy(_ => random.Next()).Select(hunk => new OldText(patch, hunk.Lines)))
            {
                for (var level = MatchLevel.Exact; level <= MatchLevel.Indent; level++)
                {
                    var plain = Enumerable.Range(0, file.Count + 1).Where(line => text.StandsAt(file, line, level)).ToList();
                    Assert.Equal(plain, index.Find(text, level));
                    Assert.Equal(Enumerable.Range(0, file.Count).Where(line => level.Cut(file[line]).SequenceEqual(level.Cut(text[0]))), index.Lines(text, 0, level));
                }
            }
        }
    }

    [Fact]
    public void Lines_that_differ_only_in_the_middle_are_told_apart()
    {
        var file = new LineTable(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"    var total = Compute{i:D4}(draft, options);\n"))));
        var patch = new LineTable(Encoding.ASCII.GetBytes("     var total = Compute0123(draft, options);\n"));
        Hunk[] hunks = [new([new(LineKind.Context, 1, patch[0].Length - 1)])];

        Assert.Equal([123], new FileIndex(file, hunks, patch).Find(new(patch, hunks[0].Lines), MatchLevel.Exact));
    }

    private static byte[] Repetitive(Random random, int lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines; i++)
            text.Append(((string[])["x", " x", "  x  ", "x\r", "}", "", " ", "    return value;", "    return  value;\t", "    return other;"])[random.Next(10)]).Append('\n');
        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        return random.Next(4) == 0 && bytes.Length > 0 ? bytes[..^1] : bytes;
    }

    /// <summary>A patch text of runs of the file's lines, some of them altered, and the hunks that lie in it. Every line has a space before it.</summary>
    private static LineTable Hunks(Random random, LineTable file, out Hunk[] hunks)
    {
        var text = new StringBuilder("\n");
        var made = new List<Hunk>();
        for (var h = 0; h < 4; h++)
        {
            var start = random.Next(file.Count + 1);
            var lines = new List<HunkLine>();
            for (var line = start; line < Math.Min(file.Count, start + random.Next(1, 6)); line++)
            {
                var content = random.Next(8) == 0 ? " x" : Encoding.Latin1.GetString(file[line]);
                lines.Add(new(LineKind.Context, text.Length + 1, content.Length) { NoNewline = file.LacksNewline(line) });
                text.Append(' ').Append(content).Append('\n');
            }
            if (lines.Count > 0)
                made.Add(new([.. lines]));
        }
        hunks = [.. made];
        return new(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private static Hunk WithColumn(Hunk hunk) => hunk with { Lines = [.. hunk.Lines.Select(line => line.Length == 0 ? line : line with { Start = line.Start - 1, Length = line.Length + 1, LostPrefix = true })] };
}
