using System.Globalization;
using System.Text;
using Orchestrator.Patching;
using Xunit.Abstractions;

namespace Orchestrator.Tests.Patching;

/// <summary>Generated histories, the diffs git and we make of them, and everything models do to such diffs, with the right answer known.</summary>
/// <remarks>ORCHESTRATOR_PATCH_MUTATIONS sets how many mutations the noise test runs; a million takes minutes.</remarks>
public class CorpusTests(ITestOutputHelper output)
{
    private static readonly int _mutations = int.Parse(Environment.GetEnvironmentVariable("ORCHESTRATOR_PATCH_MUTATIONS") ?? "6000", CultureInfo.InvariantCulture);

    [Fact]
    public void Applying_a_diff_gives_the_new_file_and_applying_its_reverse_the_old_one()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var before = History.File(random, random.Next(120));
            var after = History.Edit(random, before, random.Next(1, 12));
            var patch = PatchSet.Parse(PatchSet.Diff("d/f.txt", new(before), new(after)));
            if (before.AsSpan().SequenceEqual(after))
                continue;

            Assert.True(Same(after, patch.Apply(Tree("d/f.txt", before)), "d/f.txt"), $"seed {seed}");
            Assert.True(Same(before, patch.Reverse().Apply(Tree("d/f.txt", after)), "d/f.txt"), $"seed {seed}, reversed");
            Assert.Equal(patch.Hash, PatchSet.Parse(patch.ToUnifiedDiff()).Hash);
            Assert.Equal(patch.Hash, patch.Reverse().Reverse().Hash);
        }
    }

    [Fact]
    public void A_diff_against_nothing_makes_and_removes_files_of_any_bytes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = History.File(random, random.Next(6));
            if (seed % 3 == 0)
                random.NextBytes(bytes);
            var patch = PatchSet.Parse(PatchSet.Diff("f", null, new(bytes, PatchTree.File.Executable)));

            Assert.True(Same(bytes, patch.Apply(PatchTree.Empty), "f"), $"seed {seed}");
            var removed = Trees.Applied(patch.Reverse().Apply(PatchTree.FromFiles(new Dictionary<string, PatchTree.File> { ["f"] = new(bytes, PatchTree.File.Executable) })));
            Assert.Null(Assert.Single(removed.Changes).File);
        }
    }

    [Fact]
    public void No_damage_ever_lands_a_patch_wrongly_and_what_is_certain_lands()
    {
        var (certain, landed, wrong) = (0, 0, 0);
        var tally = new SortedDictionary<string, (int All, int Right, int Refused)>(StringComparer.Ordinal);
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var before = CodeFile(random, 80);
            var after = EditCode(random, before);
            var diff = DiffModel.Parse(PatchSet.Diff("src/f.py", new(before), new(after)).ToArray());
            if (diff.Sections.Count == 0)
                continue;
            foreach (var damage in Damage.All.Where(damage => damage.Name != "trailing blanks cut"))
            {
                if (damage.Do(diff, new Random(seed)) is not { } text)
                    continue;
                var file = damage.Files?.Invoke(before) ?? before;
                var expected = damage.Files?.Invoke(after) ?? after;
                var result = PatchSet.Parse(text).Apply(Tree("src/f.py", file));
                var right = Same(expected, result, "src/f.py");
                if (result is PatchResult.Applied && !right)
                {
                    wrong++;
                    output.WriteLine($"WRONG {damage.Name}, seed {seed}\n{Encoding.Latin1.GetString(text)}");
                }
                var entry = tally.GetValueOrDefault(damage.Name);
                tally[damage.Name] = (entry.All + 1, entry.Right + (right ? 1 : 0), entry.Refused + (result is PatchResult.Applied ? 0 : 1));
                if (damage.Answer != Damage.Answer.CertainIfUnique || !(damage.KeepsLines || StandsOnce(diff, file)))
                    continue;
                certain++;
                landed += right ? 1 : 0;
            }
        }
        foreach (var (name, (all, right, refused)) in tally)
            output.WriteLine($"{name,-34} {all,5} right {right,5} refused {refused,5}");
        output.WriteLine($"certain {landed}/{certain}, wrong {wrong}");

        Assert.Equal(0, wrong);
        Assert.True(landed >= 0.99 * certain, $"{landed} of {certain} certain patches landed.");
    }

    [Fact]
    public void Noise_is_never_thrown_at_the_caller_and_never_hangs()
    {
        var seeds = Seeds().ToArray();
        Parallel.For(0, _mutations, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var random = new Random(seed);
            var (patch, file) = seeds[random.Next(seeds.Length)];
            var mutated = Mutate(random, patch);
            var set = PatchSet.Parse(mutated);
            var before = file.ToArray();
            var result = set.Apply(Tree("src/f.py", before), random.Next(3) == 0 ? Tree("src/f.py", before) : null);
            Assert.True(before.AsSpan().SequenceEqual(file));
            if (result is PatchResult.Applied applied)
                Assert.All(applied.Changes, change => Assert.DoesNotContain(change.Path.Split('/'), part => part is ".." or ".git" or ""));
            else if (result is PatchResult.Rejected rejected)
                Assert.NotEmpty(rejected.RepairPrompt);
            Assert.Equal(set.Hash, PatchSet.Parse(mutated).Hash);
        });
    }

    [Fact]
    public void A_file_that_repeats_itself_and_hunks_that_almost_fit_everywhere_take_no_long_time()
    {
        var file = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("x\ny\n", 100_000)));
        var hunk = "@@ @@\n" + string.Concat(Enumerable.Repeat(" x\n y\n", 500)) + " x\n-x\n+z\n";
        var start = System.Diagnostics.Stopwatch.GetTimestamp();

        var result = PatchSet.Parse("--- a/f\n+++ b/f\n" + string.Concat(Enumerable.Repeat(hunk, 20))).Apply(Tree("f", file));

        Assert.IsType<PatchResult.Rejected>(result);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<(byte[] Patch, byte[] File)> Seeds()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var before = CodeFile(random, 40);
            var diff = PatchSet.Diff("src/f.py", new(before), new(EditCode(random, before))).ToArray();
            var model = DiffModel.Parse(diff);
            yield return (diff, before);
            foreach (var damage in Damage.All)
            {
                if (damage.Do(model, random) is { } text)
                    yield return (text, before);
            }
            yield return (PatchSet.Diff("b.bin", new(new byte[100]), new(Enumerable.Range(0, 300).Select(i => (byte)i).ToArray())).ToArray(), before);
            yield return (Encoding.UTF8.GetBytes("diff --git a/src/f.py b/g.py\nsimilarity index 90%\nrename from src/f.py\nrename to g.py\ndiff --git \"a/\\303\\274\" \"b/\\303\\274\"\nold mode 100644\nnew mode 100755\n"), before);
        }
    }

    private static byte[] Mutate(Random random, byte[] patch)
    {
        var bytes = patch.ToList();
        for (var i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    bytes.Insert(at, (byte)"\n\r+- @\\\"*<=>`/.0"[random.Next(16)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(((string[])["\n@@ -1,3 +1,3 @@\n", "\ndiff --git a/x b/x\n", "\n--- a/x\n+++ b/y\n", "\n*** Begin Patch\n", "\n```\n", "\n<<<<<<< SEARCH\n", "\n=======\n", "\n...\n", "\nGIT binary patch\nliteral 5\n"])[random.Next(9)]));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Lines that look like code and mostly tell themselves apart.</summary>
    private static byte[] CodeFile(Random random, int lines)
    {
        var text = new StringBuilder("\"\"\"Drafts.\"\"\"\n\n");
        for (var i = 0; i < lines; i++)
        {
            text.Append(random.Next(9) switch
            {
                0 => $"\n\ndef {Name(random)}(draft, {Name(random)}):\n",
                1 => "    if draft is None:\n",
                2 => "        return None\n",
                3 => "\n",
                4 => $"    # {Name(random)} comes before {Name(random)}\n",
                _ => $"    {Name(random)} = {Name(random)}(draft, {random.Next(99)})\n",
            });
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] EditCode(Random random, byte[] before)
    {
        var lines = Encoding.UTF8.GetString(before).Split('\n').ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(1, lines.Count - 1);
            if (random.Next(3) > 0)
                lines.RemoveAt(at);
            if (random.Next(3) > 0)
                lines.InsertRange(at, Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"    {Name(random)} = {Name(random)}(draft, {random.Next(99)})"));
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static string Name(Random random) => ((string[])["load", "save", "merge", "index", "total", "check", "title", "body"])[random.Next(8)] + "_" + ((string[])["all", "one", "first", "last", "new", "old"])[random.Next(6)];

    private static bool StandsOnce(DiffModel diff, byte[] file)
    {
        var lines = Encoding.Latin1.GetString(file).Split('\n').Select(line => line.TrimEnd()).ToArray();
        return diff.Sections[0].Hunks.All(hunk =>
        {
            var old = hunk.Old.Select(line => line.TrimEnd()).ToArray();
            return old.Length > 0 && Enumerable.Range(0, Math.Max(0, lines.Length - old.Length + 1)).Count(at => lines.AsSpan(at, old.Length).SequenceEqual(old)) == 1;
        });
    }

    private static PatchTree Tree(string path, byte[] file) => PatchTree.FromFiles(new Dictionary<string, byte[]> { [path] = file });

    private static bool Same(byte[] expected, PatchResult result, string path) =>
        result is PatchResult.Applied applied && applied.Changes.SingleOrDefault(change => change.Path == path)?.File is { } file && file.Content.Span.SequenceEqual(expected);
}
