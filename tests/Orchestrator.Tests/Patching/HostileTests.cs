using System.Text;
using Orchestrator.Patching;
using static Orchestrator.Tests.Patching.Trees;

namespace Orchestrator.Tests.Patching;

public class HostileTests
{
    public static TheoryData<string> BadPaths => new()
    {
        "/etc/passwd", "../up.txt", "a/../../up.txt", "a/../b.txt", "./a.txt", "a//b.txt", "a/", "a\\b.txt", "..\\up.txt", "C:/x.txt", "c:x.txt", "//host/share/x", "\\\\host\\share\\x",
        "a\0b.txt", "a\nb.txt", "dir./x.txt", "dir /x.txt", "x.txt.", "x.txt ", " x.txt", "CON", "con.txt", "src/nul", "aux.c", "LPT1.log", "COM9", "COM¹.txt", "CONIN$",
        ".git/config", ".GIT/config", ".Git/hooks/pre-commit", "sub/.git/config", "git~1/config", "GIT~1/hooks/x", "git~2", ".g\u200cit/config", ".gi\u200bt/x", "\u2060.git/x", ".git\uFEFF/x",
        ".ｇit/x", "․git/x", ".git./x", ".git /x", ".git::$INDEX_ALLOCATION/x", "x.txt:stream", "x.txt::$DATA", "~/x", "~", ".git\u00ad/config",
    };

    public static TheoryData<string> GoodPaths => new()
    {
        "docs/..hidden.md", "git/x.txt", ".github/workflows/ci.yml", ".gitignore", ".gitattributes", "a.git/x", "x..y", "...dots", "console.cs", "auxiliary.c", "nulls.txt", "com.txt", "COM10.txt", "lpt.txt",
        "src/ünïcode.md", "日本/ファイル.txt", "a b/c d.txt", "x~1.txt", "digit~1", ".git2/x", "git.txt", "dot./../x".Replace("dot./../", "", StringComparison.Ordinal), "~x/y", "-dash.txt", "#x", "@/x.ts", "[id].tsx", "a+b.txt",
    };

    [Theory]
    [MemberData(nameof(BadPaths))]
    public void A_path_that_leaves_the_tree_or_is_no_path_everywhere_is_refused_in_every_format(string path)
    {
        var plain = $"--- /dev/null\n+++ {Quoted("b/" + path)}\n@@ -0,0 +1 @@\n+x\n";
        var git = $"diff --git {Quoted("a/" + path)} {Quoted("b/" + path)}\nnew file mode 100644\n--- /dev/null\n+++ {Quoted("b/" + path)}\n@@ -0,0 +1 @@\n+x\n";
        var moved = $"diff --git a/f.txt {Quoted("b/" + path)}\nsimilarity index 100%\nrename from f.txt\nrename to {Quoted(path)}\n";
        var read = $"diff --git {Quoted("a/" + path)} b/g.txt\nsimilarity index 100%\ncopy from {Quoted(path)}\ncopy to g.txt\n";

        foreach (var patch in (string[])[plain, git, moved, read])
            Assert.IsType<PatchResult.Rejected>(Apply(patch, ("f.txt", "x\n"), (path, "secret\n")));
        if (path.TrimStart() == path && !path.Contains('\n', StringComparison.Ordinal))
            Assert.IsType<PatchResult.Rejected>(Apply($"*** Begin Patch\n*** Add File: {path}\n+x\n*** End Patch\n"));
        Assert.IsType<PatchResult.Rejected>(PatchSet.ForFiles(new Dictionary<string, PatchTree.File?> { [path] = new("x"u8.ToArray()) }).Apply(PatchTree.Empty));
    }

    [Theory]
    [MemberData(nameof(GoodPaths))]
    public void A_path_that_only_looks_dangerous_is_applied(string path)
    {
        var result = Apply($"diff --git {Quoted("a/" + path)} {Quoted("b/" + path)}\nnew file mode 100644\n--- /dev/null\n+++ {Quoted("b/" + path)}\n@@ -0,0 +1 @@\n+x\n");

        Assert.Equal("x\n", Text(result, path));
    }

    [Theory]
    [InlineData("104755")]
    [InlineData("102755")]
    [InlineData("101644")]
    [InlineData("100777")]
    [InlineData("040000")]
    [InlineData("120000")]
    [InlineData("160000")]
    [InlineData("junk")]
    public void A_mode_that_is_not_a_plain_files_is_refused(string mode)
    {
        Refused(Apply($"diff --git a/x b/x\nnew file mode {mode}\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+y\n"), PatchResult.Reject.Codes.UnsafeMode);
        Refused(Apply($"diff --git a/f b/f\nold mode 100644\nnew mode {mode}\n", ("f", "x\n")), PatchResult.Reject.Codes.UnsafeMode);
    }

    [Fact]
    public void A_write_through_a_link_in_the_tree_is_refused()
    {
        var tree = PatchTree.FromFiles(new Dictionary<string, PatchTree.File> { ["link"] = new("/etc"u8.ToArray(), PatchTree.File.Symlink), ["real/x"] = new("x"u8.ToArray()) });

        foreach (var patch in (string[])["--- /dev/null\n+++ b/link/passwd\n@@ -0,0 +1 @@\n+x\n", "diff --git a/link/shadow b/real/y\nsimilarity index 100%\ncopy from link/shadow\ncopy to real/y\n"])
            Refused(PatchSet.Parse(patch).Apply(tree), PatchResult.Reject.Codes.UnsafeLink);
    }

    [Fact]
    public void A_write_through_a_link_that_the_set_itself_makes_is_refused()
    {
        var patch = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+d\n\\ No newline at end of file\ndiff --git a/l/x b/l/x\nnew file mode 100644\n--- /dev/null\n+++ b/l/x\n@@ -0,0 +1 @@\n+x\n";

        Assert.IsType<PatchResult.Rejected>(PatchSet.Parse(patch).Apply(PatchTree.Empty, null, new() { AllowSymlinks = true }));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../x")]
    [InlineData("../.git/config")]
    [InlineData(".git")]
    [InlineData("a\\b")]
    public void A_link_out_of_the_tree_is_refused_even_where_links_are_allowed(string target)
    {
        var patch = $"diff --git a/d/l b/d/l\nnew file mode 120000\n--- /dev/null\n+++ b/d/l\n@@ -0,0 +1 @@\n+{target}\n\\ No newline at end of file\n";

        Refused(PatchSet.Parse(patch).Apply(PatchTree.Empty, null, new() { AllowSymlinks = true }), PatchResult.Reject.Codes.UnsafeLink);
    }

    [Fact]
    public void A_link_inside_the_tree_is_made_where_links_are_allowed()
    {
        var patch = "diff --git a/d/l b/d/l\nnew file mode 120000\n--- /dev/null\n+++ b/d/l\n@@ -0,0 +1 @@\n+../x/y\n\\ No newline at end of file\n";

        var change = Assert.Single(Applied(PatchSet.Parse(patch).Apply(PatchTree.Empty, null, new() { AllowSymlinks = true })).Changes);

        Assert.Equal(("../x/y", PatchTree.File.Symlink), (Encoding.UTF8.GetString(change.File!.Content.Span), change.File.Mode));
    }

    [Theory]
    [InlineData("readme.md", "README.md")]
    [InlineData("SRC/new.txt", "src/old.txt")]
    [InlineData("ÉTÉ.txt", "été.txt")]
    [InlineData("caf\u0065\u0301.txt", "caf\u00e9.txt")]
    [InlineData("a/b", "a")]
    [InlineData("a", "a/b")]
    [InlineData("a/b/c", "a/b")]
    public void A_new_name_that_collides_with_one_in_the_tree_is_refused(string made, string existing)
    {
        Refused(Apply($"diff --git {Quoted("a/" + made)} {Quoted("b/" + made)}\nnew file mode 100644\n--- /dev/null\n+++ {Quoted("b/" + made)}\n@@ -0,0 +1 @@\n+x\n", (existing, "x\n")), PatchResult.Reject.Codes.PathCollision);
    }

    [Fact]
    public void Two_new_names_that_collide_are_refused()
    {
        Refused(Apply("--- /dev/null\n+++ b/x.txt\n@@ -0,0 +1 @@\n+1\n--- /dev/null\n+++ b/X.txt\n@@ -0,0 +1 @@\n+2\n"), PatchResult.Reject.Codes.PathCollision);
        Refused(Apply("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+1\n--- /dev/null\n+++ b/x/y\n@@ -0,0 +1 @@\n+2\n"), PatchResult.Reject.Codes.PathCollision);
    }

    [Fact]
    public void A_file_that_becomes_a_folder_in_the_same_set_is_refused()
    {
        Refused(Apply("diff --git a/a b/a\ndeleted file mode 100644\n--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n--- /dev/null\n+++ b/a/b\n@@ -0,0 +1 @@\n+y\n", ("a", "x\n")), PatchResult.Reject.Codes.PathCollision);
    }

    [Fact]
    public void A_rename_that_only_changes_case_is_applied()
    {
        var result = Apply("diff --git a/README.md b/Readme.md\nsimilarity index 100%\nrename from README.md\nrename to Readme.md\n", ("README.md", "x\n"));

        Assert.Equal("x\n", Text(result, "Readme.md"));
    }

    [Theory]
    [InlineData("@@ -99999999999999999999,1 +1,1 @@")]
    [InlineData("@@ -1,99999999999 +1,1 @@")]
    [InlineData("@@ -2147483648 +1 @@")]
    [InlineData("@@ -1,1 +1,100000000 @@")]
    public void A_header_with_numbers_no_file_has_is_refused(string header)
    {
        Refused(Apply($"--- a/f\n+++ b/f\n{header}\n-x\n+y\n", ("f", "x\n")), PatchResult.Reject.Codes.LimitExceeded);
    }

    [Fact]
    public void A_patch_of_a_million_lines_is_refused_by_default()
    {
        var patch = "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1000000 @@\n" + string.Concat(Enumerable.Repeat("+x\n", 1_000_000));

        Refused(Apply(patch), PatchResult.Reject.Codes.LimitExceeded);
    }

    [Fact]
    public void Binary_data_that_inflates_beyond_the_limit_is_refused_before_it_is_inflated()
    {
        var bomb = PatchSet.Diff("f", null, new(new byte[64 * 1024 * 1024]));

        Assert.True(bomb.Length < 200_000);
        Refused(PatchSet.Parse(bomb).Apply(PatchTree.Empty), PatchResult.Reject.Codes.LimitExceeded);
    }

    [Fact]
    public void Binary_data_that_inflates_to_more_than_it_states_is_refused()
    {
        var patch = Encoding.Latin1.GetString(PatchSet.Diff("f", null, new(new byte[1000])).Span).Replace("literal 1000", "literal 10", StringComparison.Ordinal);

        Refused(Apply(patch), PatchResult.Reject.Codes.Malformed);
    }

    [Fact]
    public void Headers_that_name_different_files_are_refused()
    {
        Assert.IsType<PatchResult.Rejected>(Apply("diff --git a/f b/f\n--- a/f\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n", ("f", "x\n"), ("g", "x\n")));
        Assert.IsType<PatchResult.Rejected>(Apply("diff --git a/f b/f\n--- a/f\n+++ b/.git/config\n@@ -1 +1 @@\n-x\n+y\n", ("f", "x\n")));
        Assert.IsType<PatchResult.Rejected>(Apply("--- a/f\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n", ("f", "x\n"), ("g", "x\n")));
    }

    [Theory]
    [InlineData("\"b/\\056\\056/x\"")]
    [InlineData("\"b/a\\\\b\"")]
    [InlineData("\"b/.\\147it/config\"")]
    [InlineData("\"b/\\377\\376\"")]
    [InlineData("\"b/a\\000b\"")]
    [InlineData("\"b/unclosed")]
    [InlineData("\"b/a\\q\"")]
    public void Escapes_in_quoted_paths_hide_nothing(string name)
    {
        Assert.IsType<PatchResult.Rejected>(Apply($"--- /dev/null\n+++ {name}\n@@ -0,0 +1 @@\n+x\n"));
    }

    [Fact]
    public void A_path_that_is_not_utf8_is_refused()
    {
        byte[] patch = [.. "--- /dev/null\n+++ b/caf"u8, 0xE9, .. "\n@@ -0,0 +1 @@\n+x\n"u8];

        Refused(PatchSet.Parse(patch).Apply(PatchTree.Empty), PatchResult.Reject.Codes.UnsafePath);
    }

    [Fact]
    public void One_bad_file_keeps_every_other_file_from_changing()
    {
        var result = Apply("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n--- /dev/null\n+++ b/../evil\n@@ -0,0 +1 @@\n+x\n", ("f", "x\n"));

        Refused(result, PatchResult.Reject.Codes.UnsafePath);
    }

    private static string Quoted(string path)
    {
        if (path.All(c => c is >= ' ' and < '\u007f' and not '"' and not '\\'))
            return path;
        return '"' + string.Concat(Encoding.UTF8.GetBytes(path).Select(b => b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? ((char)b).ToString() : "\\" + Convert.ToString(b, 8).PadLeft(3, '0'))) + '"';
    }
}
