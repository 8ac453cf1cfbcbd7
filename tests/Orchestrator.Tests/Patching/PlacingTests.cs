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
        Assert.Equal(PatchTolerances.None, Rung(result));
    }

    [Fact]
    public void Old_text_that_stands_once_is_the_place_wherever_the_header_points()
    {
        var result = Apply("--- a/f.txt\n+++ b/f.txt\n@@ -40,3 +40,3 @@\n two\n-three\n+THREE\n four\n", ("f.txt", Five));

        Assert.Equal("one\ntwo\nTHREE\nfour\nfive\n", Text(result, "f.txt"));
        Assert.Equal(PatchTolerances.LineOffset, Rung(result));
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

        Refused(result, PatchReject.Codes.Ambiguous);
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
        var patch = PatchSet.ForFiles(new Dictionary<string, PatchFile?> { ["f.txt"] = new("a\r\nb"u8.ToArray()), ["g.txt"] = null });

        var result = PatchApplier.Apply(patch, Of(("f.txt", Five), ("g.txt", "x")));

        Assert.Equal("a\r\nb", Text(result, "f.txt"));
        Assert.Null(Assert.Single(Applied(result).Changes, change => change.Path == "g.txt").File);
    }
}
