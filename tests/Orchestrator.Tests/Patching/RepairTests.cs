using System.Globalization;
using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Tests.Patching;

/// <summary>A patch of which some hunks were refused, and what came back for them.</summary>
public sealed class RepairTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Good_hunks_and_the_repair_of_the_others_are_the_whole_change(int seed)
    {
        var (before, after, patch) = Change(seed);
        var (broken, missing) = Break(patch, new Random(seed));
        var rejected = Assert.IsType<PatchResult.Rejected>(broken.Apply(before));

        var repaired = broken.Repair(rejected, PatchSet.Parse(missing), before);
        var again = broken.Repair(rejected, PatchSet.Parse(patch), before);

        Assert.Contains("Send only what is listed", rejected.RepairPrompt, StringComparison.Ordinal);
        Assert.Contains("Send the whole patch again", rejected.Explanation, StringComparison.Ordinal);
        AssertIs(after, before, repaired);
        AssertIs(after, before, again);
    }

    [Fact]
    public void A_repair_that_fits_no_better_is_refused()
    {
        var (before, _, patch) = Change(1);
        var (broken, _) = Break(patch, new Random(1));
        var rejected = Assert.IsType<PatchResult.Rejected>(broken.Apply(before));

        Assert.IsType<PatchResult.Rejected>(broken.Repair(rejected, broken, before));
        Assert.IsType<PatchResult.Rejected>(broken.Repair(rejected, PatchSet.Parse("I cannot."), before));
    }

    public static TheoryData<string, string> Doubtful => new()
    {
        // Corrects the second hunk, and changes the line beside the one that the first hunk changed.
        { "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n", "@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n 4\n" },

        // Sends an insertion again, one line further up.
        { "@@ -2,2 +2,3 @@\n two\n+inserted line\n three\n", "@@ -1,2 +1,3 @@\n one\n+inserted line\n two\n" },

        // Changes the line before which the first hunk inserted one.
        { "@@ -2,2 +2,3 @@\n two\n+inserted line\n three\n", "@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n 4\n" },
    };

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void A_repair_that_could_lose_a_change_or_make_it_twice_is_refused(string good, string again)
    {
        const string Head = "--- a/a.txt\n+++ b/a.txt\n";
        var before = Tree("one\ntwo\nthree\n4\n5\n6\n7\n8\n9\nten\neleven\n");
        var broken = PatchSet.Parse(Head + good + "@@ -9,3 +9,3 @@\n 9\n-absent\n+TEN\n eleven\n");
        var rejected = Assert.IsType<PatchResult.Rejected>(broken.Apply(before));

        var result = broken.Repair(rejected, PatchSet.Parse(Head + again + "@@ -9,3 +9,3 @@\n 9\n-ten\n+TEN\n eleven\n"), before);

        Assert.Contains("Send only", rejected.RepairPrompt, StringComparison.Ordinal);
        Assert.IsType<PatchResult.Rejected>(result);
    }

    [Theory]
    [InlineData("diff --git a/a.txt b/b.txt\nsimilarity index 50%\nrename from a.txt\nrename to b.txt\n--- a/a.txt\n+++ b/b.txt\n")]
    [InlineData("diff --git a/a.txt b/a.txt\nold mode 100644\nnew mode 100755\n--- a/a.txt\n+++ b/a.txt\n")]
    public void Where_a_refused_hunk_belongs_to_a_move_or_a_new_mode_everything_is_asked_for_again(string head)
    {
        var before = PatchTree.FromFiles(new Dictionary<string, byte[]> { ["a.txt"] = "one\ntwo\nthree\n"u8.ToArray(), ["c.txt"] = "one\n"u8.ToArray() });
        var patch = PatchSet.Parse(head + "@@ -1,3 +1,3 @@\n one\n-absent\n+TWO\n three\ndiff --git a/c.txt b/c.txt\n--- a/c.txt\n+++ b/c.txt\n@@ -1 +1 @@\n-one\n+ONE\n");

        var rejected = Assert.IsType<PatchResult.Rejected>(patch.Apply(before));

        Assert.NotEmpty(rejected.Good);
        Assert.Contains("Send the whole patch again", rejected.RepairPrompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Halves_that_do_not_parse_by_themselves_are_judged_together()
    {
        var options = PatchOptions.Default with { SyntaxGate = (_, content) => Encoding.UTF8.GetString(content.Span) is var text && text.Count(letter => letter == '(') != text.Count(letter => letter == ')') ? ["unbalanced"] : [] };
        var before = Tree("one\ntwo\nthree\n4\n5\n6\n7\n8\n9\nten\neleven\n");
        var broken = PatchSet.Parse("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+(two\n three\n@@ -9,3 +9,3 @@\n 9\n-absent\n+ten)\n eleven\n");
        var rejected = Assert.IsType<PatchResult.Rejected>(broken.Apply(before, null, options));
        const string Rest = "--- a/a.txt\n+++ b/a.txt\n@@ -9,3 +9,3 @@\n 9\n-ten\n+ten";

        Assert.IsType<PatchResult.Applied>(broken.Repair(rejected, PatchSet.Parse(Rest + ")\n eleven\n"), before, options));
        Assert.IsType<PatchResult.Rejected>(broken.Repair(rejected, PatchSet.Parse(Rest + "]\n eleven\n"), before, options));
    }

    [Fact]
    public void A_repair_that_changes_what_was_good_otherwise_is_the_later_word_only_as_a_whole()
    {
        var before = Tree("one\ntwo\nthree\n4\n5\n6\n7\n8\n9\nten\neleven\n");
        var broken = PatchSet.Parse("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n@@ -9,3 +9,3 @@\n 9\n-absent\n+TEN\n eleven\n");
        var rejected = Assert.IsType<PatchResult.Rejected>(broken.Apply(before));

        var other = broken.Repair(rejected, PatchSet.Parse("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n"), before);
        var whole = broken.Repair(rejected, PatchSet.Parse("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n@@ -9,3 +9,3 @@\n 9\n-ten\n+TEN\n eleven\n"), before);

        Assert.IsType<PatchResult.Rejected>(other);
        AssertIs(Tree("one\nzwei\nthree\n4\n5\n6\n7\n8\n9\nTEN\neleven\n"), before, whole);
    }

    [Fact]
    public void Where_a_whole_file_is_refused_nothing_is_promised()
    {
        var before = Tree("one\ntwo\nthree\n");
        var patch = PatchSet.Parse("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n--- a/gone.txt\n+++ b/gone.txt\n@@ -1 +1 @@\n-a\n+b\n");

        var rejected = Assert.IsType<PatchResult.Rejected>(patch.Apply(before));

        Assert.Single(rejected.Good);
        Assert.DoesNotContain("kept", rejected.RepairPrompt, StringComparison.Ordinal);
    }

    private static PatchTree Tree(string text) => PatchTree.FromFiles(new Dictionary<string, byte[]> { ["a.txt"] = Encoding.UTF8.GetBytes(text) });

    /// <summary>Two files, changed in several places far enough apart to be hunks of their own, and one that is new.</summary>
    private static (PatchTree Before, PatchTree After, string Patch) Change(int seed)
    {
        var random = new Random(seed);
        var before = new Dictionary<string, byte[]>();
        var after = new Dictionary<string, byte[]>();
        foreach (var name in (string[])["a.txt", "b.txt"])
        {
            var lines = Enumerable.Range(0, 60 + random.Next(60)).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name} line {i} {random.Next(1000)}")).ToList();
            before[name] = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
            for (var at = 4 + random.Next(4); at < lines.Count - 4; at += 10 + random.Next(12))
            {
                switch (random.Next(3))
                {
                    case 0:
                        lines[at] += " changed";
                        break;
                    case 1:
                        lines.Insert(at, $"{name} new {at}");
                        break;
                    default:
                        lines.RemoveAt(at);
                        break;
                }
            }

            after[name] = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        }

        after["new.txt"] = "fresh\n"u8.ToArray();
        var (old, now) = (PatchTree.FromFiles(before), PatchTree.FromFiles(after));
        return (old, now, Encoding.UTF8.GetString(PatchSet.Diff(old, now).Span));
    }

    /// <summary>The patch with one hunk whose old text stands nowhere, and that hunk by itself as it should be.</summary>
    private static (PatchSet Broken, string Missing) Break(string patch, Random random)
    {
        var lines = patch.Split('\n');
        var heads = Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("@@", StringComparison.Ordinal) && !lines[i].Contains("-0,0", StringComparison.Ordinal)).ToList();
        var at = heads[random.Next(heads.Count)];
        var end = Enumerable.Range(at + 1, lines.Length - at - 1).FirstOrDefault(i => lines[i].StartsWith("@@", StringComparison.Ordinal) || lines[i].StartsWith("diff ", StringComparison.Ordinal), lines.Length);
        var file = lines.Take(at).Last(line => line.StartsWith("--- a/", StringComparison.Ordinal))[6..];
        var missing = string.Join('\n', (string[])[$"--- a/{file}", $"+++ b/{file}", .. lines[at..end]]).TrimEnd('\n') + "\n";
        var broken = lines.ToArray();
        for (var i = at + 1; i < end; i++)
        {
            if (broken[i].Length > 0 && broken[i][0] is ' ' or '-')
            {
                broken[i] = $"{broken[i][0]}nothing like it {i * 7919}";
            }
        }

        return (PatchSet.Parse(string.Join('\n', broken)), missing);
    }

    private static void AssertIs(PatchTree expected, PatchTree before, PatchResult result)
    {
        var applied = Assert.IsType<PatchResult.Applied>(result);
        foreach (var path in expected.Paths)
        {
            var file = applied.Changes.FirstOrDefault(change => change.Path == path)?.File ?? before.Read(path);
            Assert.Equal(Encoding.UTF8.GetString(expected.Read(path)!.Content.Span), Encoding.UTF8.GetString(file!.Content.Span));
        }
    }
}
