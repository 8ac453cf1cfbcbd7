using System.Text;
using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

public class FormatTests
{
    private const string Five = "one\ntwo\nthree\nfour\nfive\n";
    private const string Changed = "one\ntwo\nTHREE\nfour\nfive\n";
    private const string Hunk = "@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n four\n";

    [Theory]
    [InlineData("--- a/src/f.txt\n+++ b/src/f.txt\n")]
    [InlineData("--- src/f.txt\n+++ src/f.txt\n")]
    [InlineData("--- i/src/f.txt\n+++ w/src/f.txt\n")]
    [InlineData("--- c/src/f.txt\n+++ o/src/f.txt\n")]
    [InlineData("--- left/src/f.txt\n+++ right/src/f.txt\n")]
    [InlineData("--- a/src/f.txt\n+++ src/f.txt\n")]
    [InlineData("--- src/f.txt.orig\n+++ src/f.txt\n")]
    [InlineData("--- src/f.txt\t2026-01-02 03:04:05.000000000 +0100\n+++ src/f.txt\t2026-01-02 03:04:06\n")]
    [InlineData("--- a/src/f.txt 2026-01-02 03:04:05\n+++ b/src/f.txt 2026-01-02 03:04:06\n")]
    [InlineData("Index: src/f.txt\n===================================================================\n--- src/f.txt\t(revision 12)\n+++ src/f.txt\t(working copy)\n")]
    [InlineData("diff --git a/src/f.txt b/src/f.txt\nindex 0123456..789abcd 100644\n--- a/src/f.txt\n+++ b/src/f.txt\n")]
    [InlineData("diff --git src/f.txt src/f.txt\n--- src/f.txt\n+++ src/f.txt\n")]
    [InlineData("diff -u a/src/f.txt b/src/f.txt\n--- a/src/f.txt\n+++ b/src/f.txt\n")]
    [InlineData("--- \"a/src/f.txt\"\n+++ \"b/src/f.txt\"\n")]
    [InlineData("--- a/src/f.txt\n")]
    public void Headers_of_every_kind_name_the_same_file(string header)
    {
        Assert.Equal(Changed, Text(Apply(header + Hunk, ("src/f.txt", Five)), "src/f.txt"));
    }

    [Theory]
    [InlineData("Sure, here is the patch:\n\n```diff\n", "```\n\nThis changes three.\n")]
    [InlineData("```\n", "```\n")]
    [InlineData("~~~diff\n", "~~~\n- a list\n- of remarks\n")]
    [InlineData("From 0123 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n f.txt | 2 +-\n\n", "-- \n2.39.5\n\n")]
    [InlineData("", "\nThat is it.\n")]
    [InlineData("\uFEFF", "")]
    public void Prose_and_fences_around_a_diff_are_set_aside(string before, string after)
    {
        Assert.Equal(Changed, Text(Apply(before + "--- a/f.txt\n+++ b/f.txt\n" + Hunk + after, ("f.txt", Five)), "f.txt"));
    }

    [Theory]
    [InlineData("f.txt\n```\n<<<<<<< SEARCH\ntwo\nthree\n=======\ntwo\nTHREE\n>>>>>>> REPLACE\n```\n")]
    [InlineData("```python\nf.txt\n<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n```\n")]
    [InlineData("**File: `f.txt`**\n\n<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n")]
    [InlineData("### f.txt:\n```txt\n<<<<<< SEARCH\nthree\n======\nTHREE\n>>>>>> REPLACE\n```\n")]
    [InlineData("```txt f.txt\n<<<<<<< SEARCH\ntwo\n...\nfour\n=======\ntwo\n...\nfour\n>>>>>>> REPLACE\n<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n```\n")]
    public void Search_and_replace_blocks_are_read_wherever_their_path_stands(string patch)
    {
        Assert.Equal(Changed, Text(Apply(patch, ("f.txt", Five)), "f.txt"));
    }

    [Fact]
    public void A_block_after_prose_about_another_file_is_not_taken_for_the_last_one()
    {
        const string first = "a.txt\n<<<<<<< SEARCH\none\n=======\nONE\n>>>>>>> REPLACE\n\n";
        const string second = "<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n";

        Assert.Equal(Changed, Text(Apply(first + "And then `f.txt`:\n" + second, ("a.txt", Five), ("f.txt", Five)), "f.txt"));
        Refused(Apply(first + "The same goes for f.txt and g.txt.\n" + second, ("a.txt", Five), ("f.txt", Five)), PatchResult.Reject.Codes.MissingPath);
        Assert.Equal("ONE\ntwo\nTHREE\nfour\nfive\n", Text(Apply(first + second, ("a.txt", Five), ("f.txt", Five)), "a.txt"));
    }

    [Fact]
    public void A_new_file_in_a_folder_named_like_a_prefix_stays_there()
    {
        Assert.Equal("x\n", Text(Apply("--- /dev/null\n+++ new/feature.py\n@@ -0,0 +1 @@\n+x\n"), "new/feature.py"));
        Assert.Equal("x\n", Text(Apply("--- /dev/null\n+++ b/new/feature.py\n@@ -0,0 +1 @@\n+x\n"), "new/feature.py"));
    }

    [Fact]
    public void A_new_file_in_a_text_with_crlf_throughout_gets_plain_line_ends()
    {
        Assert.Equal("x\ny\n", Text(Apply("--- /dev/null\r\n+++ b/f\r\n@@ -0,0 +1,2 @@\r\n+x\r\n+y\r\n"), "f"));
        Assert.Equal("x\r\ny\r\n", Text(Apply("--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+x\r\n+y\r\n"), "f"));
    }

    [Fact]
    public void A_fenced_excerpt_is_not_taken_for_the_whole_file()
    {
        Refused(Apply("f.txt\n```\ntwo\nTHREE\n```\n", ("f.txt", Five + Five + Five)), PatchResult.Reject.Codes.Ambiguous);
    }

    [Fact]
    public void A_special_mode_in_the_index_line_counts()
    {
        Refused(Apply("diff --git a/f.txt b/f.txt\nindex 1234567..89abcde 120000\n--- a/f.txt\n+++ b/f.txt\n" + Hunk, ("f.txt", Five)), PatchResult.Reject.Codes.UnsafeMode);
    }

    [Fact]
    public void A_diff_git_line_that_names_nothing_clear_leaves_the_name_to_the_lines_below()
    {
        var patch = PatchSet.Parse("diff --git x y z w\n--- a/f.txt\n+++ a/f.txt\n" + Hunk);

        Assert.Equal(patch.Hash, PatchSet.Parse(patch.ToUnifiedDiff()).Hash);
        Assert.Equal(Changed, Text(patch.Apply(Of(("f.txt", Five))), "f.txt"));
    }

    [Fact]
    public void A_block_with_nothing_to_search_for_makes_a_file_and_never_adds_to_one()
    {
        const string patch = "new.txt\n<<<<<<< SEARCH\n=======\nhello\n>>>>>>> REPLACE\n";

        Assert.Equal("hello\n", Text(Apply(patch), "new.txt"));
        Refused(Apply(patch, ("new.txt", "there\n")), PatchResult.Reject.Codes.AlreadyExists);
    }

    [Fact]
    public void A_block_without_a_path_or_an_end_is_refused()
    {
        Refused(Apply("<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n", ("f.txt", Five)), PatchResult.Reject.Codes.MissingPath);
        Refused(Apply("f.txt\n<<<<<<< SEARCH\nthree\n=======\nTHREE\n", ("f.txt", Five)), PatchResult.Reject.Codes.Truncated);
        Refused(Apply("f.txt\n<<<<<<< SEARCH\nthree\n<<<<<<< SEARCH\nfour\n=======\nFOUR\n>>>>>>> REPLACE\n", ("f.txt", Five)), PatchResult.Reject.Codes.Malformed);
    }

    [Fact]
    public void The_begin_patch_format_adds_updates_moves_and_deletes()
    {
        var result = Apply(
            "*** Begin Patch\n*** Add File: new/a.txt\n+hello\n+\n+world\n*** Update File: f.txt\n*** Move to: g.txt\n@@\n two\n-three\n+THREE\n*** Delete File: old.txt\n*** End Patch\n",
            ("f.txt", Five),
            ("old.txt", "x\n"));

        Assert.Equal("hello\n\nworld\n", Text(result, "new/a.txt"));
        Assert.Equal(Changed, Text(result, "g.txt"));
        Assert.Equal(["f.txt", "old.txt"], Applied(result).Changes.Where(change => change.File is null).Select(change => change.Path));
    }

    [Fact]
    public void A_begin_patch_text_without_its_end_is_refused_as_cut_off()
    {
        Refused(Apply("*** Begin Patch\n*** Update File: f.txt\n@@\n-three\n+THREE\n", ("f.txt", Five)), PatchResult.Reject.Codes.Truncated);
    }

    [Fact]
    public void Git_headers_rename_copy_and_change_modes()
    {
        var result = Apply(
            "diff --git a/f.txt b/d/g h.txt\nsimilarity index 80%\nrename from f.txt\nrename to d/g h.txt\n--- a/f.txt\n+++ b/d/g h.txt\t\n" + Hunk
            + "diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\ndiff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\ndiff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n",
            ("f.txt", Five),
            ("x", "x\n"),
            ("run.sh", "#!\n"));

        Assert.Equal(Changed, Text(result, "d/g h.txt"));
        Assert.Equal("x\n", Text(result, "y"));
        Assert.Equal("", Text(result, "empty"));
        Assert.Equal(PatchTree.File.Executable, Assert.Single(Applied(result).Changes, change => change.Path == "run.sh").File!.Mode);
    }

    [Fact]
    public void Creation_over_a_file_and_a_move_onto_one_are_refused()
    {
        Refused(Apply("--- /dev/null\n+++ b/f.txt\n@@ -0,0 +1 @@\n+x\n", ("f.txt", Five)), PatchResult.Reject.Codes.AlreadyExists);
        Refused(Apply("*** Begin Patch\n*** Add File: f.txt\n+x\n*** End Patch\n", ("f.txt", Five)), PatchResult.Reject.Codes.AlreadyExists);
        Refused(Apply("diff --git a/f.txt b/g.txt\nsimilarity index 100%\nrename from f.txt\nrename to g.txt\n", ("f.txt", Five), ("g.txt", "x\n")), PatchResult.Reject.Codes.AlreadyExists);
        Refused(Apply("*** Begin Patch\n*** Update File: f.txt\n*** Move to: g.txt\n@@\n-three\n+THREE\n*** End Patch\n", ("f.txt", Five), ("g.txt", "x\n")), PatchResult.Reject.Codes.AlreadyExists);
    }

    [Fact]
    public void Deletion_of_a_file_that_is_not_the_one_shown_is_refused()
    {
        const string patch = "diff --git a/f.txt b/f.txt\ndeleted file mode 100644\n--- a/f.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n";

        Assert.Null(Assert.Single(Applied(Apply(patch, ("f.txt", "one\ntwo\n"))).Changes).File);
        Refused(Apply(patch, ("f.txt", "one\ntwo\nthree\n")), PatchResult.Reject.Codes.DeletedFileChanged);
        Refused(Apply(patch, ("f.txt", "one\nTWO\n")), PatchResult.Reject.Codes.DeletedFileChanged);
        Refused(Apply("diff --git a/f.txt b/f.txt\ndeleted file mode 100644\n", ("f.txt", "one\n")), PatchResult.Reject.Codes.DeletedFileChanged);
    }

    [Fact]
    public void Sections_on_one_file_join_when_they_agree_and_are_refused_when_not()
    {
        const string header = "--- a/f.txt\n+++ b/f.txt\n";
        const string other = "@@ -4,2 +4,2 @@\n four\n-five\n+FIVE\n";

        Assert.Equal("one\ntwo\nTHREE\nfour\nFIVE\n", Text(Apply(header + Hunk + header + other, ("f.txt", Five)), "f.txt"));
        Assert.Equal(Changed, Text(Apply(header + Hunk + header + Hunk, ("f.txt", Five)), "f.txt"));
        Refused(Apply(header + Hunk + header + Hunk.Replace("THREE", "drei", StringComparison.Ordinal), ("f.txt", Five)), PatchResult.Reject.Codes.Overlap);
        Refused(Apply(header + Hunk + "--- a/f.txt\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-one\n-two\n-three\n-four\n-five\n", ("f.txt", Five)), PatchResult.Reject.Codes.SectionsDisagree);
    }

    [Fact]
    public void A_patch_for_a_file_that_is_not_there_is_refused()
    {
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n" + Hunk), PatchResult.Reject.Codes.FileMissing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("I could not find anything to change.\n")]
    [InlineData("```python\nprint(1)\n```\n")]
    public void A_reply_without_an_edit_is_told_so(string reply)
    {
        Refused(Apply(reply), PatchResult.Reject.Codes.NoPatch);
    }

    [Fact]
    public void Binary_files_are_changed_by_literal_and_delta_and_only_from_the_content_they_were_made_from()
    {
        var old = Enumerable.Range(0, 3000).Select(i => (byte)(i * 7)).ToArray();
        byte[] fresh = [.. old[..1000], 0, 1, 2, .. old[1000..]];
        var patch = PatchSet.Parse(PatchSet.Diff("b.bin", new(old), new(fresh)));

        var change = Assert.Single(Applied(patch.Apply(PatchTree.FromFiles(new Dictionary<string, byte[]> { ["b.bin"] = old }))).Changes);

        Assert.True(change.File!.Content.Span.SequenceEqual(fresh));
        Refused(patch.Apply(PatchTree.FromFiles(new Dictionary<string, byte[]> { ["b.bin"] = [.. old, 1] })), PatchResult.Reject.Codes.BinaryMismatch);
        Refused(Apply("diff --git a/b.bin b/b.bin\nindex 1234567..89abcde 100644\nBinary files a/b.bin and b/b.bin differ\n", ("b.bin", "x")), PatchResult.Reject.Codes.BinaryMismatch);
    }

    [Fact]
    public void A_reject_names_hunk_region_and_difference_and_asks_only_for_what_failed()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n@@ -3,3 +3,3 @@\n three\n-fuor\n+FOUR\n five\n", ("f.txt", Five));

        var rejected = Assert.IsType<PatchResult.Rejected>(result);
        var reject = Assert.Single(rejected.Rejects);
        Assert.Equal((PatchResult.Reject.Codes.NotFound, "f.txt", 2, 7), (reject.Code, reject.Path, reject.Hunk, reject.PatchLine));
        Assert.Equal((3, "fuor", "four"), (reject.Nearest!.FirstLine, reject.Expected, reject.Found));
        Assert.Equal(1, Assert.Single(rejected.Good).Hunk);
        Assert.Contains("Send only what is listed", rejected.RepairPrompt, StringComparison.Ordinal);
        Assert.Contains("-fuor", rejected.RepairPrompt, StringComparison.Ordinal);
        Assert.DoesNotContain("+ONE", rejected.RepairPrompt, StringComparison.Ordinal);
    }

    [Fact]
    public void The_canonical_form_keeps_the_hash_whatever_the_order_and_the_bases()
    {
        var one = PatchSet.Parse("--- a/f.txt\n+++ b/f.txt\n" + Hunk + "--- a/g.txt\n+++ b/g.txt\n" + Hunk);
        var two = PatchSet.Parse("```diff\n--- a/g.txt\n+++ b/g.txt\n" + Hunk + "--- a/f.txt\n+++ b/f.txt\n" + Hunk + "```");
        var tied = one.WithBase(Of(("f.txt", Five)));

        Assert.Equal(one.Hash, two.Hash);
        Assert.NotEqual(one.Hash, tied.Hash);
        Assert.Equal(tied.Hash, PatchSet.Parse(tied.ToUnifiedDiff()).Hash);
        Assert.Equal(tied.BaseHashes(), PatchSet.Parse(tied.ToUnifiedDiff()).BaseHashes());
        Assert.Equal(["f.txt", "g.txt"], one.Paths);
    }

    [Fact]
    public void Every_format_survives_the_way_through_its_canonical_form()
    {
        string[] patches =
        [
            "f.txt\n<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n", "*** Begin Patch\n*** Update File: f.txt\n@@ one\n@@ two\n-three\n+THREE\n*** End Patch\n",
            "*** Begin Patch\n*** Update File: f.txt\n@@\n-five\n+FIVE\n*** End of File\n*** End Patch\n", "new.txt\n```\nx\n```\n", "--- a/f.txt\n+++ a/f.txt\n" + Hunk, "--- left/f.txt\n+++ right/f.txt\n" + Hunk,
            "*** Begin Patch\n*** Delete File: f.txt\n*** End Patch\n",
        ];

        foreach (var text in patches)
        {
            var patch = PatchSet.Parse(text);
            var again = PatchSet.Parse(patch.ToUnifiedDiff());
            Assert.Equal(patch.Hash, again.Hash);
            var (one, two) = (Applied(patch.Apply(Of(("f.txt", Five)))), Applied(again.Apply(Of(("f.txt", Five)))));
            Assert.Equal(one.Changes.Select(Show), two.Changes.Select(Show));
        }
    }

    private static string Show(PatchResult.Change change) => $"{change.Path} {(change.File is null ? "-" : Encoding.UTF8.GetString(change.File.Content.Span))}";
}
