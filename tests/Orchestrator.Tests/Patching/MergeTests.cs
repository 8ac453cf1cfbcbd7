using System.Diagnostics;
using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Tests.Patching;

public sealed class MergeTests : IDisposable
{
    private static readonly string[] _code = [.. Enumerable.Range(0, 40).Select(i => $"line {i}"), .. Enumerable.Repeat("}", 12), .. Enumerable.Repeat("", 12)];
    private static readonly string[] _letters = ["a", "b", "c", "d", ""];

    /// <summary>How many times as many seeds the long mode runs.</summary>
    private static readonly int _scale = Environment.GetEnvironmentVariable("ORCHESTRATOR_PATCH_MUTATIONS") is null ? 1 : 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("merging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("code", 3, 30, 2, 500)]
    [InlineData("code", 4, 40, 1, 150)]
    [InlineData("letters", 3, 14, 1, 500)]
    [InlineData("letters", 4, 24, 1, 40)]
    [InlineData("history", 2, 40, 2, 600)]
    [InlineData("history", 3, 40, 2, 400)]
    public void Edits_of_one_base_give_one_tree_or_a_conflict_in_every_order(string kind, int sets, int lines, int edits, int seeds)
    {
        var merged = 0;
        seeds *= _scale;
        for (var seed = 0; seed < seeds; seed++)
        {
            var random = new Random(seed);
            var origin = File(random, kind, lines);
            var sides = Enumerable.Range(0, sets).Select(_ => Edit(random, kind, origin, edits)).ToArray();

            var outcomes = Orders(sides).Select(order => MergeAll(origin, order)).Distinct().ToList();

            Assert.True(outcomes.Count == 1, $"seed {seed}: {string.Join("\n--\n", outcomes)}");
            merged += outcomes[0] == "conflict" ? 0 : 1;
        }
        Assert.True(merged > seeds / 5, $"Only {merged} of {seeds} sets merged.");
    }

    [Fact]
    public void Two_changes_that_together_look_like_others_are_a_conflict_and_not_two_trees()
    {
        // The line "b" is taken out above and put in below. Done together, the lines between look as if they had been moved up.
        var origin = "x\n\nc\nb\na\nb\n"u8.ToArray();
        var (taken, put) = ("x\n\nc\na\nb\n"u8.ToArray(), "x\n\nc\nb\na\nc\nb\n"u8.ToArray());

        foreach (var result in (ThreeWayMerge.Result[])[ThreeWayMerge.Merge(origin, taken, put), ThreeWayMerge.Merge(origin, put, taken)])
            Assert.True(result.Merged is null || Encoding.UTF8.GetString(result.Merged.Value.Span) == "x\n\nc\na\nc\nb\n");
    }

    [Fact]
    public void A_line_put_among_lines_like_it_does_not_clash_with_a_change_further_up()
    {
        var origin = "start\none\n}\n}\n}\nend\n"u8.ToArray();
        var longer = "start\none\n}\n}\n}\n}\nend\n"u8.ToArray();
        var changed = "start\nONE\n}\n}\n}\nend\n"u8.ToArray();

        Assert.Equal("start\nONE\n}\n}\n}\n}\nend\n", Encoding.UTF8.GetString(ThreeWayMerge.Merge(origin, longer, changed).Merged!.Value.Span));
        Assert.Equal("start\nONE\n}\n}\n}\n}\nend\n", Encoding.UTF8.GetString(ThreeWayMerge.Merge(origin, changed, longer).Merged!.Value.Span));
    }

    [Fact]
    public void What_merges_here_merges_in_git_to_the_same_bytes()
    {
        var (both, onlyHere, onlyGit) = (0, 0, 0);
        foreach (var kind in (string[])["history", "code", "letters"])
        {
            for (var seed = 0; seed < 60; seed++)
            {
                var random = new Random(seed);
                var origin = File(random, kind, 30);
                var (ours, theirs) = (Edit(random, kind, origin, 2), Edit(random, kind, origin, 2));
                var merged = ThreeWayMerge.Merge(origin, ours, theirs).Merged;
                var git = MergeByGit(origin, ours, theirs);

                onlyHere += merged is not null && git is null ? 1 : 0;
                onlyGit += merged is null && git is not null ? 1 : 0;
                if (merged is null || git is null)
                    continue;
                both++;
                Assert.Equal(git, merged.Value.ToArray());
            }
        }

        Assert.True(both > 60 && onlyHere < both / 20 && onlyGit < both / 2, $"both {both}, only here {onlyHere}, only git {onlyGit}");
    }

    private static string MergeAll(byte[] origin, byte[][] order)
    {
        ReadOnlyMemory<byte> current = origin;
        foreach (var side in order)
        {
            if (ThreeWayMerge.Merge(origin, current, side).Merged is not { } merged)
                return "conflict";
            current = merged;
        }
        return Encoding.Latin1.GetString(current.Span);
    }

    private byte[]? MergeByGit(byte[] origin, byte[] ours, byte[] theirs)
    {
        foreach (var (name, bytes) in (ReadOnlySpan<(string, byte[])>)[("base", origin), ("ours", ours), ("theirs", theirs)])
            System.IO.File.WriteAllBytes(Path.Combine(_folder, name), bytes);
        using var process = Process.Start(new ProcessStartInfo("git", ["merge-file", "-p", "-q", "ours", "base", "theirs"]) { WorkingDirectory = _folder, RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : null;
    }

    private static IEnumerable<byte[][]> Orders(byte[][] items) =>
        items.Length <= 1 ? [items] : items.SelectMany((item, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (byte[][])[item, .. rest]));

    private static byte[] File(Random random, string kind, int lines) => kind == "history"
        ? History.File(random, lines)
        : Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(_ => Line(random, kind) + "\n")));

    private static byte[] Edit(Random random, string kind, byte[] file, int edits)
    {
        if (kind == "history")
            return History.Edit(random, file, edits);
        var lines = Encoding.ASCII.GetString(file).Split('\n').ToList();
        for (var i = 0; i < edits; i++)
        {
            var at = random.Next(lines.Count - 1);
            var choice = random.Next(4);
            if (choice == 0)
                lines.Insert(at, Line(random, kind));
            else if (choice == 1)
                lines.RemoveAt(at);
            else if (choice == 2)
                lines.InsertRange(at, Enumerable.Range(0, random.Next(1, 4)).Select(_ => Line(random, kind)));
            else
                lines[at] = Line(random, kind);
        }
        return Encoding.ASCII.GetBytes(string.Join('\n', lines));
    }

    private static string Line(Random random, string kind) => kind == "code" ? _code[random.Next(_code.Length)] : _letters[random.Next(_letters.Length)];
}
