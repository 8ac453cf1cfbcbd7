using System.Text;
using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

public class ByteTests
{
    private const string Patch = "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n one\n-two\n+TWO\n+more\n three\n";

    [Theory]
    [InlineData("one\ntwo\nthree\n", "one\nTWO\nmore\nthree\n")]
    [InlineData("one\r\ntwo\r\nthree\r\n", "one\r\nTWO\r\nmore\r\nthree\r\n")]
    [InlineData("one\ntwo\r\nthree\n", "one\nTWO\r\nmore\r\nthree\n")]
    [InlineData("one\r\ntwo\nthree\r\n", "one\r\nTWO\nmore\nthree\r\n")]
    [InlineData("one\r\ntwo\r\nthree", "one\r\nTWO\r\nmore\r\nthree")]
    [InlineData("\uFEFFone\ntwo\nthree\n", "\uFEFFone\nTWO\nmore\nthree\n")]
    [InlineData("\uFEFFone\r\ntwo\r\nthree\r\nfour", "\uFEFFone\r\nTWO\r\nmore\r\nthree\r\nfour")]
    [InlineData("one  \ntwo\t\nthree \nfour\n", "one  \nTWO\nmore\nthree \nfour\n")]
    public void Kept_lines_keep_their_bytes_and_added_ones_take_their_neighbours_line_ends(string file, string expected)
    {
        Assert.Equal(expected, Text(Apply(Patch, ("f", file)), "f"));
        if (!file.Contains("  \n", StringComparison.Ordinal))
            Assert.Equal(expected, Text(Apply(Patch.Replace("\n", "\r\n", StringComparison.Ordinal), ("f", file)), "f"));
    }

    [Fact]
    public void A_new_first_line_comes_behind_the_byte_order_mark()
    {
        Assert.Equal("\uFEFFzero\none\n", Text(Apply("--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n+zero\n one\n", ("f", "\uFEFFone\n")), "f"));
        Assert.Equal("\uFEFFeins\ntwo\n", Text(Apply("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-one\n+eins\n two\n", ("f", "\uFEFFone\ntwo\n")), "f"));
    }

    [Fact]
    public void A_byte_order_mark_that_the_patch_mentions_is_added_and_removed()
    {
        Assert.Equal("\uFEFFone\n", Text(Apply("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+\uFEFFone\n", ("f", "one\n")), "f"));
        Assert.Equal("one\n", Text(Apply("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-\uFEFFone\n+one\n", ("f", "\uFEFFone\n")), "f"));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_utf16_file_is_changed_by_a_utf8_patch_and_stays_utf16(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] Bytes(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        var tree = PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f"] = Bytes("ä one\r\nzwei\r\n") });

        var result = PatchSet.Parse("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n ä one\n-zwei\n+zwölf\n").Apply(tree);

        Assert.Equal(Bytes("ä one\r\nzwölf\r\n"), Assert.Single(Applied(result).Changes).File!.Content.ToArray());
    }

    [Fact]
    public void A_latin1_file_is_changed_by_a_utf8_patch_and_stays_latin1()
    {
        var tree = PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f"] = Encoding.Latin1.GetBytes("é one\nzwei\n") });

        var result = PatchSet.Parse("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n é one\n-zwei\n+zwölf\n").Apply(tree);

        Assert.Equal(Encoding.Latin1.GetBytes("é one\nzwölf\n"), Assert.Single(Applied(result).Changes).File!.Content.ToArray());
        Refused(PatchSet.Parse("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n é one\n-zwei\n+日本\n").Apply(tree), PatchResult.Reject.Codes.Encoding);
    }

    [Fact]
    public void Bytes_of_no_encoding_are_changed_as_bytes()
    {
        byte[] file = [.. "caf"u8, 0xE9, (byte)'\n', .. "two\n"u8];
        byte[] patch = [.. "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-caf"u8, 0xE9, .. "\n+th"u8, 0xE9, .. "\n two\n"u8];

        var result = PatchSet.Parse(patch).Apply(PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f"] = file }));

        Assert.Equal([.. "th"u8, 0xE9, .. "\ntwo\n"u8], Assert.Single(Applied(result).Changes).File!.Content.ToArray());
    }

    [Theory]
    [InlineData("a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\nc")]
    [InlineData("a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n", "a\nc\n")]
    [InlineData("a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n", "a\nc")]
    [InlineData("a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n", "a\nc")]
    [InlineData("a\nb", "@@ -1,2 +1,3 @@\n a\n b\n+c\n", "a\nb\nc")]
    [InlineData("a\r\nb", "@@ -1,2 +1,3 @@\n a\n b\n+c\n", "a\r\nb\r\nc")]
    [InlineData("a\nb", "@@ -1,2 +1,3 @@\n+z\n a\n b\n", "z\na\nb")]
    [InlineData("a\nb\nc", "@@ -1,3 +1,1 @@\n a\n-b\n-c\n", "a\n")]
    public void A_missing_last_newline_changes_only_when_the_patch_says_so(string file, string hunk, string expected)
    {
        Assert.Equal(expected, Text(Apply("--- a/f\n+++ b/f\n" + hunk, ("f", file)), "f"));
    }

    [Fact]
    public void A_no_newline_mark_in_the_middle_of_a_file_is_refused()
    {
        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+z\n\\ No newline at end of file\n b\n", ("f", "a\nb\nc\n")));
    }

    [Theory]
    [InlineData("one\r\ntwo\r\n", "one\r\nTWO\r\n")]
    [InlineData("\uFEFFone\ntwo\n", "\uFEFFone\nTWO\n")]
    [InlineData("one\ntwo", "one\nTWO")]
    [InlineData("one\r\ntwo\nthree\r\n", "one\r\nTWO\n")]
    public void A_whole_file_sent_as_text_keeps_the_files_line_ends_and_mark(string file, string expected)
    {
        Assert.Equal(expected, Text(Apply("f.txt\n```\none\nTWO\n```\n", ("f.txt", file)), "f.txt"));
    }

    [Fact]
    public void Each_tolerance_can_be_switched_off()
    {
        (PatchOptions.Tolerance Tolerance, string Patch, string File)[] cases =
        [
            (PatchOptions.Tolerance.LineOffset, Patch.Replace("-1,3", "-9,3", StringComparison.Ordinal), "one\ntwo\nthree\n"),
            (PatchOptions.Tolerance.RecountedHeader, Patch.Replace("-1,3", "-1,2", StringComparison.Ordinal), "one\ntwo\nthree\n"),
            (PatchOptions.Tolerance.WhitespaceDrift, Patch, "one \ntwo\nthree\n"),
            (PatchOptions.Tolerance.LineEndings, Patch, "one\r\ntwo\r\nthree\r\n"),
            (PatchOptions.Tolerance.Reindentation, Patch, "  one\n  two\n  three\n"),
            (PatchOptions.Tolerance.ReducedContext, "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n wrong\n first\n-second\n+SECOND\n third\n", "zero\nfirst\nsecond\nthird\n"),
            (PatchOptions.Tolerance.ElidedLines, "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n-first\n+FIRST\n ...\n fourth\n", "first\nsecond\nthird\nfourth\n"),
        ];

        foreach (var (tolerance, patch, file) in cases)
        {
            var allowed = PatchSet.Parse(patch).Apply(Of(("f", file)));
            var report = Assert.Single(Applied(allowed).Hunks.DistinctBy(hunk => hunk.Hunk));
            Assert.True((report.Used & tolerance) != 0, $"{tolerance}: used {report.Used}");
            Assert.True(report.Score < 1);
            Assert.IsType<PatchResult.Rejected>(PatchSet.Parse(patch).Apply(Of(("f", file)), null, new() { Tolerances = PatchOptions.Tolerance.All & ~tolerance }));
        }
    }

    [Fact]
    public void A_changed_file_that_no_longer_parses_is_refused_with_the_diagnostic()
    {
        var options = new PatchOptions { SyntaxGate = (path, bytes) => bytes.Span.IndexOf("TWO"u8) >= 0 ? [$"{path}(2): unexpected TWO"] : [] };

        var reject = Refused(PatchSet.Parse(Patch).Apply(Of(("f", "one\ntwo\nthree\n")), null, options), PatchResult.Reject.Codes.Syntax);

        Assert.Contains("f(2): unexpected TWO", reject.Message, StringComparison.Ordinal);
    }
}
