using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

/// <summary>Added lines that lost their tabs on the way, where the old text has none that could tell.</summary>
public class IndentTests
{
    private const string Tabbed = "package main\n\nfunc a() {\n\tone()\n\ttwo()\n}\n\n// b does it.\nfunc b() {\n\tthree()\n\tfour()\n}\n";
    private const string Spaced = "class A:\n    def a(self):\n        pass\n\n# The end.\nend = 1\n";

    [Fact]
    public void Added_lines_that_have_spaces_in_a_file_of_tabs_are_refused_when_nothing_shows_they_are_meant()
    {
        Refused(Apply("--- a/f\n+++ b/f\n@@ -7,2 +7,6 @@\n \n+func c() {\n+    five()\n+}\n+\n // b does it.\n", ("f", Tabbed)), PatchResult.Reject.Codes.Indentation);
        Refused(Apply("--- a/f\n+++ b/f\n@@ -4,2 +4,4 @@\n \n+if end:\n+\tend = 2\n # The end.\n", ("f", Spaced)), PatchResult.Reject.Codes.Indentation);
    }

    [Fact]
    public void Another_hunk_of_the_file_that_lost_its_tabs_says_how_to_bring_them_back()
    {
        const string patch = "--- a/f\n+++ b/f\n@@ -4,2 +4,2 @@\n-    one()\n+    uno()\n     two()\n@@ -7,2 +7,6 @@\n \n+func c() {\n+    five()\n+}\n+\n // b does it.\n";

        Assert.Contains("\tuno()\n\ttwo()\n}\n\nfunc c() {\n\tfive()\n}\n\n// b", Text(Apply(patch, ("f", Tabbed)), "f"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@@ -3,2 +3,2 @@\n func a() {\n-\tone()\n+\tuno()\n@@ -7,2 +7,3 @@\n \n+    aligned\n // b does it.\n")]
    [InlineData("@@ -7,2 +7,4 @@\n \n+    aligned\n+\ttabbed\n // b does it.\n")]
    [InlineData("@@ -7,2 +7,3 @@\n \n+ * one space\n // b does it.\n")]
    public void A_patch_that_kept_a_tab_means_its_spaces(string hunks)
    {
        Applied(Apply("--- a/f\n+++ b/f\n" + hunks, ("f", Tabbed)));
    }

    [Fact]
    public void Spaces_that_gits_name_of_the_result_proves_are_applied()
    {
        var after = Tabbed.Replace("\n// b", "\nvar raw = `\n    text\n`\n// b", StringComparison.Ordinal);
        var bytes = System.Text.Encoding.UTF8.GetBytes(after);

        Applied(Apply($"diff --git a/f b/f\nindex 1234567..{GitBlob.Name(bytes)[..10]} 100644\n--- a/f\n+++ b/f\n@@ -7,2 +7,5 @@\n \n+var raw = `\n+    text\n+`\n // b does it.\n", ("f", Tabbed)));
        Refused(Apply("diff --git a/f b/f\nindex 1234567..89abcdef01 100644\n--- a/f\n+++ b/f\n@@ -7,2 +7,5 @@\n \n+var raw = `\n+    text\n+`\n // b does it.\n", ("f", Tabbed)), PatchResult.Reject.Codes.Indentation);
    }

    [Fact]
    public void Context_that_fits_but_for_its_indentation_is_not_set_aside_under_added_lines()
    {
        const string file = "start here\nshared line one\nshared line two\n\tinner tail\nafter it all\n";

        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f\n+++ b/f\n@@ -1,4 +1,5 @@\n start here\n shared line one\n+    added\n shared line two\n      inner tail\n", ("f", file)));
    }

    [Fact]
    public void A_hunk_placed_by_half_its_context_on_the_wrong_side_of_another_is_refused()
    {
        const string file = "head one\nhead two\nalpha value\nbeta value\nomega one\nmiddle\nhead six\nhead seven\ngamma value\ndelta value\nomega two\n";
        const string patch = "--- a/f\n+++ b/f\n@@ -2,3 +2,3 @@\n wrong line\n gamma value\n-delta value\n+DELTA value\n@@ -4,2 +4,2 @@\n-beta value\n+BETA value\n omega one\n";

        Refused(Apply(patch, ("f", file)), PatchResult.Reject.Codes.Ambiguous);
    }
}
