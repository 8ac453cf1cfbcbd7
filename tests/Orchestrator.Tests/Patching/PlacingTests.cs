using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

public class PlacingTests
{
    private const string Five = "one\ntwo\nthree\nfour\nfive\n";

    [Fact]
    public void Old_text_at_the_stated_line_is_exact()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five));

        Assert.Equal("one\ntwo\nTHREE\nfour\nfive\n", Text(result, "f.txt"));
        Assert.Equal(PatchOptions.Tolerance.None, Rung(result));
    }

    [Fact]
    public void Old_text_that_stands_once_is_the_place_wherever_the_header_points()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -40,3 +40,3 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five));

        Assert.Equal("one\ntwo\nTHREE\nfour\nfive\n", Text(result, "f.txt"));
        Assert.Equal(PatchOptions.Tolerance.LineOffset, Rung(result));
    }

    [Fact]
    public void Of_several_copies_the_one_at_the_stated_line_is_taken()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -3 +3 @@\n-x\n+y\n", ("f.txt", "x\na\nx\na\nx\n"));

        Assert.Equal("x\na\ny\na\nx\n", Text(result, "f.txt"));
    }

    [Fact]
    public void Of_several_copies_the_nearest_is_a_guess_and_refused()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -4 +4 @@\n-x\n+y\n", ("f.txt", "x\na\nx\na\na\na\na\nx\n"));

        Refused(result, PatchResult.Reject.Codes.Ambiguous);
    }

    [Fact]
    public void An_insertion_without_context_is_refused_even_at_a_stated_line()
    {
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,0 +3 @@\n+new\n", ("f.txt", Five)), PatchResult.Reject.Codes.NoContext);
        Refused(Apply("*** Begin Patch\n*** Update File: f.txt\n@@ two\n+new\n*** End Patch\n", ("f.txt", Five)), PatchResult.Reject.Codes.NoContext);
        Refused(Apply("*** Begin Patch\n*** Update File: f.txt\n+new\n*** End of File\n*** End Patch\n", ("f.txt", Five)), PatchResult.Reject.Codes.NoContext);
    }

    [Fact]
    public void An_insertion_into_an_empty_file_needs_no_context()
    {
        Assert.Equal("new\n", Text(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -0,0 +1 @@\n+new\n", ("f.txt", "")), "f.txt"));
    }

    [Fact]
    public void An_anchor_singles_out_one_of_several_copies()
    {
        const string file = "class A:\n    def run(self):\n        return 1\n\nclass B:\n    def run(self):\n        return 1\n";

        var result = Apply("*** Begin Patch\n*** Update File: f.py\n@@ class B:\n@@     def run(self):\n-        return 1\n+        return 2\n*** End Patch\n", ("f.py", file));

        Assert.Equal(file[..^2] + "2\n", Text(result, "f.py"));
    }

    [Fact]
    public void The_first_copy_behind_an_anchor_is_a_guess_when_two_stand_in_its_scope()
    {
        const string file = "def run():\n    a()\n    x()\n    a()\n\ndef other():\n    a()\n";

        Refused(Apply("*** Begin Patch\n*** Update File: f.py\n@@ def run():\n-    a()\n+    b()\n*** End Patch\n", ("f.py", file)), PatchResult.Reject.Codes.Ambiguous);
    }

    [Fact]
    public void The_end_of_file_marker_singles_out_the_last_copy_and_refuses_any_other()
    {
        Assert.Equal("x\na\ny\n", Text(Apply("*** Begin Patch\n*** Update File: f\n@@\n-x\n+y\n*** End of File\n*** End Patch\n", ("f", "x\na\nx\n")), "f"));
        Assert.IsType<PatchResult.Rejected>(Apply("*** Begin Patch\n*** Update File: f\n@@\n x\n+y\n*** End of File\n*** End Patch\n", ("f", "x\na\n")));
    }

    [Fact]
    public void An_exact_copy_elsewhere_is_not_taken_when_the_stated_line_fits_but_for_its_indentation()
    {
        const string file = "    if a:\n        go()\n        stop()\n\n    begin()\n    if a:\n    go()\n    stop()\n";

        Refused(Apply("--- a/f\n+++ b/f\n@@ -2,2 +2,2 @@\n     go()\n-    stop()\n+    halt()\n", ("f", file)), PatchResult.Reject.Codes.Ambiguous);
    }

    [Fact]
    public void Two_places_that_fit_but_for_trailing_blanks_compete()
    {
        Refused(Apply("--- a/f\n+++ b/f\n@@ @@\n alpha\n-beta\n+gamma\n", ("f", "alpha\nbeta \n-\nalpha \nbeta\n")), PatchResult.Reject.Codes.Ambiguous);
    }

    [Fact]
    public void Counts_that_are_wrong_are_counted_anew()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,1 +2,1 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five));

        Assert.Equal("one\ntwo\nTHREE\nfour\nfive\n", Text(result, "f.txt"));
        Assert.Equal(PatchOptions.Tolerance.RecountedHeader, Rung(result));
    }

    [Fact]
    public void A_last_hunk_shorter_than_its_header_says_is_refused_as_cut_off()
    {
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,4 +2,4 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five)), PatchResult.Reject.Codes.Truncated);
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,3 +2,4 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five)), PatchResult.Reject.Codes.Truncated);
    }

    [Fact]
    public void A_short_hunk_that_something_follows_is_only_miscounted()
    {
        var result = Apply("```diff\n--- a/f.txt\n+++ b/f.txt\n@@ -2,4 +2,4 @@\n two\n-three\n+THREE\n four\n```\n", ("f.txt", Five));

        Assert.Equal("one\ntwo\nTHREE\nfour\nfive\n", Text(result, "f.txt"));
    }

    [Fact]
    public void A_hunk_interrupted_by_prose_is_refused_rather_than_applied_in_part()
    {
        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -1,9 +1,9 @@\n-one\n+ONE\nand then\n-three\n+THREE\n four\n", ("f.txt", Five)));
    }

    [Fact]
    public void A_hunk_indented_as_a_whole_takes_the_files_indentation()
    {
        const string file = "def f():\n    if x:\n        go()\n    return 1\n";

        var result = Apply("--- a/f\n+++ b/f\n@@ -2,3 +2,4 @@\n if x:\n-    go()\n+    stop()\n+\n return 1\n", ("f", file));

        Assert.Equal("def f():\n    if x:\n        stop()\n\n    return 1\n", Text(result, "f"));
        Assert.Equal(PatchOptions.Tolerance.Reindentation, Rung(result));
    }

    [Fact]
    public void A_hunk_whose_lines_are_indented_unevenly_is_refused()
    {
        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f\n+++ b/f\n@@ -2,2 +2,2 @@\n if x:\n-go()\n+stop()\n", ("f", "def f():\n    if x:\n        go()\n")));
    }

    [Fact]
    public void Spaces_in_the_patch_become_the_tabs_of_the_file()
    {
        var result = Apply("--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n func f() {\n     if x {\n+        wait()\n         go()\n", ("f", "func f() {\n\tif x {\n\t\tgo()\n"));

        Assert.Equal("func f() {\n\tif x {\n\t\twait()\n\t\tgo()\n", Text(result, "f"));
    }

    [Fact]
    public void Outer_context_that_does_not_fit_is_set_aside_when_enough_remains()
    {
        var result = Apply("--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n invented\n second line\n-third line\n+THIRD line\n fourth line\n fifth line\n", ("f", "first line\nsecond line\nthird line\nfourth line\nfifth line\n"));

        Assert.Equal("first line\nsecond line\nTHIRD line\nfourth line\nfifth line\n", Text(result, "f"));
        Assert.Equal(PatchOptions.Tolerance.ReducedContext, Rung(result));
    }

    [Fact]
    public void Context_set_aside_that_stands_elsewhere_speaks_for_another_place()
    {
        const string file = "def alpha():\n    setup_alpha()\n    value = 1\n    finish_now()\n\ndef beta():\n    setup_beta()\n    value = 2\n    wait_for_it()\n    value = 3\n";

        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f\n+++ b/f\n@@ -7,3 +7,3 @@\n     setup_beta()\n-    value = 1\n+    value = 9\n     finish_now()\n", ("f", file)));
    }

    [Fact]
    public void An_ellipsis_in_the_context_stands_for_the_lines_left_out()
    {
        var result = Apply("--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n-first line\n+FIRST line\n ...\n-fifth line\n+FIFTH line\n", ("f", "first line\nsecond line\nthird line\nfourth line\nfifth line\n"));

        Assert.Equal("FIRST line\nsecond line\nthird line\nfourth line\nFIFTH line\n", Text(result, "f"));
        Assert.Equal(PatchOptions.Tolerance.ElidedLines, Applied(result).Hunks[0].Rung);
    }

    [Fact]
    public void An_ellipsis_whose_parts_fit_in_two_ways_is_refused()
    {
        Refused(Apply("--- a/f\n+++ b/f\n@@ @@\n first line\n ...\n-close here\n+open here\n", ("f", "first line\nx\nclose here\ny\nclose here\n")), PatchResult.Reject.Codes.Ambiguous);
    }

    [Theory]
    [InlineData("...")]
    [InlineData("    # ... existing code ...")]
    [InlineData("// ... rest of the method")]
    [InlineData("/* ... */")]
    [InlineData("<!-- ... -->")]
    public void An_ellipsis_among_added_lines_is_refused(string marker)
    {
        Refused(Apply($"--- a/f.txt\n+++ b/f.txt\n@@ -2,3 +2,4 @@\n two\n-three\n+THREE\n+{marker}\n four\n", ("f.txt", Five)), PatchResult.Reject.Codes.ElisionInChange);
        Refused(Apply($"new.txt\n```\none\n{marker}\n```\n"), PatchResult.Reject.Codes.ElisionInChange);
        Refused(Apply($"f.txt\n<<<<<<< SEARCH\ntwo\n=======\nTWO\n{marker}\n>>>>>>> REPLACE\n", ("f.txt", Five)), PatchResult.Reject.Codes.ElisionInChange);
    }

    [Fact]
    public void An_ellipsis_that_gits_name_of_the_result_proves_is_meant_literally()
    {
        var diff = PatchSet.Diff("p.py", new("def f(): 1\n"u8.ToArray()), new("def f():\n    ...\n"u8.ToArray()));

        Assert.Equal("def f():\n    ...\n", Text(PatchSet.Parse(diff).Apply(Of(("p.py", "def f(): 1\n"))), "p.py"));
    }

    [Fact]
    public void An_edit_that_is_in_place_already_is_told_apart_from_one_that_has_no_place()
    {
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five.Replace("three", "THREE", StringComparison.Ordinal))), PatchResult.Reject.Codes.AlreadyApplied);
        Refused(Apply("f.txt\n<<<<<<< SEARCH\nfive\n=======\nfive\nsix\n>>>>>>> REPLACE\n", ("f.txt", Five + "six\n")), PatchResult.Reject.Codes.AlreadyApplied);
    }

    [Fact]
    public void Hunks_may_come_in_any_order_and_twice()
    {
        const string one = "@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n";
        const string five = "@@ -4,2 +4,2 @@\n four\n-five\n+FIVE\n";

        foreach (var hunks in (string[])[one + five, five + one, five + one + five])
            Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\n", Text(Apply("--- a/f.txt\n+++ b/f.txt\n" + hunks, ("f.txt", Five)), "f.txt"));
    }

    [Fact]
    public void Hunks_that_change_the_same_line_differently_are_refused()
    {
        Refused(Apply("--- a/f.txt\n+++ b/f.txt\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n@@ -1,2 +1,2 @@\n-one\n+eins\n two\n", ("f.txt", Five)), PatchResult.Reject.Codes.Overlap);
    }

    [Fact]
    public void A_whole_file_in_a_fence_replaces_or_makes_the_file()
    {
        var result = Apply("Here you are:\n\nsrc/new.py\n```python\nprint(1)\n```\n\nf.txt\n```\none\n```\n", ("f.txt", Five));

        Assert.Equal("print(1)\n", Text(result, "src/new.py"));
        Assert.Equal("one\n", Text(result, "f.txt"));
    }

    [Fact]
    public void A_whole_file_given_as_bytes_is_written_as_it_is()
    {
        var patch = PatchSet.ForFiles(new Dictionary<string, PatchTree.File?> { ["f.txt"] = new("a\r\nb"u8.ToArray()), ["g.txt"] = null });

        var result = patch.Apply(Of(("f.txt", Five), ("g.txt", "x")));

        Assert.Equal("a\r\nb", Text(result, "f.txt"));
        Assert.Null(Assert.Single(Applied(result).Changes, change => change.Path == "g.txt").File);
    }
}
