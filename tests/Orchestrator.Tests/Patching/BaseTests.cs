using System.Text;
using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

public class BaseTests
{
    private const string Ten = "l1\nl2\nl3\nl4\nl5\nl6\nl7\nl8\nl9\nl10\n";

    [Fact]
    public void A_patch_on_a_base_that_has_not_moved_is_applied()
    {
        var patch = Edit("l3", "L3").WithBase(Of(("f", Ten)));

        Assert.Equal(Ten.Replace("l3", "L3", StringComparison.Ordinal), Text(patch.Apply(Of(("f", Ten)), Of(("f", Ten))), "f"));
        Assert.Equal(Ten.Replace("l3", "L3", StringComparison.Ordinal), Text(patch.Apply(Of(("f", Ten))), "f"));
    }

    [Fact]
    public void A_patch_on_a_base_that_moved_is_refused_without_the_base_and_rebased_with_it()
    {
        var patch = Edit("l3", "L3").WithBase(Of(("f", Ten)));
        var moved = "new\n" + Ten.Replace("l9", "L9", StringComparison.Ordinal);

        Refused(patch.Apply(Of(("f", moved))), PatchResult.Reject.Codes.StaleBase);
        Refused(patch.Apply(Of(("f", moved)), Of(("f", "other\n"))), PatchResult.Reject.Codes.BaseMismatch);
        Assert.Equal(moved.Replace("l3", "L3", StringComparison.Ordinal), Text(patch.Apply(Of(("f", moved)), Of(("f", Ten))), "f"));
    }

    [Fact]
    public void Changes_to_the_same_lines_come_back_as_a_conflict_with_both_sides()
    {
        var result = Edit("l3", "mine").Apply(Of(("f", Ten.Replace("l3", "theirs", StringComparison.Ordinal))), Of(("f", Ten)));

        var conflict = Assert.Single(Assert.IsType<PatchResult.Conflicted>(result).Conflicts);
        Assert.Equal(("f", 3, "l3\n", "theirs\n", "mine\n"), (conflict.Path, conflict.BaseLine, Utf8(conflict.Base), Utf8(conflict.Current!.Value), Utf8(conflict.Patch!.Value)));
    }

    [Fact]
    public void A_change_that_both_sides_made_alike_is_no_conflict()
    {
        var changed = Ten.Replace("l3", "L3", StringComparison.Ordinal);

        Assert.Empty(Applied(Edit("l3", "L3").Apply(Of(("f", changed)), Of(("f", Ten)))).Changes);
    }

    [Fact]
    public void A_look_alike_in_the_moved_file_is_never_taken()
    {
        const string origin = "alpha\nreturn 1\nomega\n";
        const string moved = "return 1\nbeta\nalpha\nreturn 7\nomega\n";

        var result = PatchSet.Parse("--- a/f\n+++ b/f\n@@ -2 +2 @@\n-return 1\n+return 2\n").Apply(Of(("f", moved)), Of(("f", origin)));

        Assert.IsType<PatchResult.Conflicted>(result);
    }

    [Fact]
    public void A_file_deleted_since_the_base_is_a_conflict()
    {
        Assert.IsType<PatchResult.Conflicted>(Edit("l3", "L3").Apply(PatchTree.Empty, Of(("f", Ten))));
    }

    [Fact]
    public void Deleting_a_file_that_changed_since_the_base_is_refused()
    {
        var patch = PatchSet.Parse("*** Begin Patch\n*** Delete File: f\n*** End Patch\n");

        Refused(patch.Apply(Of(("f", Ten + "more\n")), Of(("f", Ten))), PatchResult.Reject.Codes.DeletedFileChanged);
        Assert.Null(Assert.Single(Applied(patch.Apply(Of(("f", Ten)), Of(("f", Ten)))).Changes).File);
    }

    [Fact]
    public void A_whole_file_is_merged_with_what_happened_since_its_base()
    {
        var patch = PatchSet.ForFiles(new Dictionary<string, PatchTree.File?> { ["f"] = new(Encoding.UTF8.GetBytes(Ten.Replace("l3", "L3", StringComparison.Ordinal))) });

        var result = patch.Apply(Of(("f", Ten.Replace("l9", "L9", StringComparison.Ordinal))), Of(("f", Ten)));

        Assert.Equal(Ten.Replace("l3", "L3", StringComparison.Ordinal).Replace("l9", "L9", StringComparison.Ordinal), Text(result, "f"));
    }

    [Fact]
    public void A_rename_carries_what_happened_since_its_base()
    {
        var patch = PatchSet.Parse("diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n--- a/f\n+++ b/g\n@@ -2,3 +2,3 @@\n l2\n-l3\n+L3\n l4\n");

        var result = patch.Apply(Of(("f", Ten.Replace("l9", "L9", StringComparison.Ordinal))), Of(("f", Ten)));

        Assert.Equal(Ten.Replace("l3", "L3", StringComparison.Ordinal).Replace("l9", "L9", StringComparison.Ordinal), Text(result, "g"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_patches_give_the_same_tree_or_a_conflict_in_whatever_order_they_finish(int count)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var origin = History.File(random, 40);
            var sides = Enumerable.Range(0, count).Select(_ => PatchSet.Parse(PatchSet.Diff("f", new(origin), new(History.Edit(random, origin, 2))))).Where(patch => patch.Problems.Count == 0).ToArray();
            var outcomes = Permutations(sides).Select(order => Finish(order, origin)).Distinct().ToList();

            Assert.True(outcomes.Count == 1, $"seed {seed}: {string.Join("\n--\n", outcomes)}");
        }
    }

    private static string Finish(IEnumerable<PatchSet> order, byte[] origin)
    {
        var current = origin;
        foreach (var patch in order)
        {
            var result = patch.Apply(PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f"] = current }), PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f"] = origin }));
            if (result is PatchResult.Conflicted)
                return "conflict";
            current = Applied(result).Changes.SingleOrDefault()?.File?.Content.ToArray() ?? current;
        }
        return Encoding.Latin1.GetString(current);
    }

    private static IEnumerable<PatchSet[]> Permutations(PatchSet[] items) =>
        items.Length <= 1 ? [items] : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (PatchSet[])[item, .. rest]));

    private static PatchSet Edit(string from, string to) => PatchSet.Parse($"--- a/f\n+++ b/f\n@@ @@\n-{from}\n+{to}\n");

    private static string Utf8(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
