using Orchestrator.Patching;

namespace Orchestrator.Cli.Tests;

public sealed class PatchCommandTests : IDisposable
{
    private const string Edit = """
        --- a/src/a.txt
        +++ b/src/a.txt
        @@ -1,3 +1,3 @@
         one
        -two
        +zwei
         three

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public PatchCommandTests()
    {
        _folder.Write("root/src/a.txt", "one\ntwo\nthree\n").Write("outside/secret.txt", "one\ntwo\nthree\n");
        _cli = new Cli(_folder.Path) { Input = Edit };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_patch_that_fits_is_applied_and_every_hunk_is_told()
    {
        var ended = await _cli.RunAsync("patch", "apply", "--root", "root");

        Assert.Equal(ExitCode.Succeeded, ended.ExitCode);
        Assert.Equal("one\nzwei\nthree\n", _folder["root/src/a.txt"]);
        Assert.Equal("applied   src/a.txt hunk 1 at line 1 (exact, score 1.00)\nmodified  src/a.txt\nApplied: 1 file changed.\n", ended.Out);
    }

    [Fact]
    public async Task Checking_changes_nothing()
    {
        var before = _folder.Snapshot();

        var ended = await _cli.RunAsync("patch", "check", "--root", "root");

        Assert.Equal(ExitCode.Succeeded, ended.ExitCode);
        Assert.Contains("Applicable: 1 file would change.", ended.Out, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Snapshot());
    }

    [Fact]
    public async Task A_move_is_told_as_one_change()
    {
        _cli.Input = "diff --git a/src/a.txt b/src/b.txt\nsimilarity index 100%\nrename from src/a.txt\nrename to src/b.txt\n";

        var ended = await _cli.RunAsync("patch", "check", "--root", "root");

        Assert.Equal("moved     src/b.txt (from src/a.txt)\nApplicable: 1 file would change. Nothing was changed.\n", ended.Out);
    }

    [Fact]
    public async Task A_new_file_below_a_link_is_refused_once_and_for_that_reason()
    {
        Directory.CreateSymbolicLink(_folder.At("root/link"), "src");
        _cli.Input = "--- /dev/null\n+++ b/link/new.txt\n@@ -0,0 +1 @@\n+x\n";

        var ended = await _cli.RunAsync("patch", "check", "--root", "root");

        Assert.Equal("refused   link/new.txt: unsafe_link\n          The path goes through the symbolic link link.\nRefused: nothing was changed.\n", ended.Out);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_does_not_stop_a_new_file_beside_it()
    {
        var closed = Directory.CreateDirectory(_folder.At("root/closed"));
        _cli.Input = "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+x\n";
        if (!OperatingSystem.IsWindows())
        {
            // Whoever runs as root reads it all the same; then this shows the ordinary case.
            closed.UnixFileMode = UnixFileMode.None;
        }

        var ended = await _cli.RunAsync("patch", "check", "--root", "root");
        if (!OperatingSystem.IsWindows())
        {
            closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        Assert.Contains("created   new.txt", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_given_as_the_patch_is_named_as_that()
    {
        var ended = await _cli.RunAsync("patch", "check", "--root", "root", "--patch", "root");

        Assert.Equal(ExitCode.BadInput, ended.ExitCode);
        Assert.Contains("'root' is a folder; give the file", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_comes_from_a_file_and_the_report_is_JSON_where_that_is_wanted()
    {
        _folder.Write("edit.diff", Edit);

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root", "--patch", "edit.diff", "--json");

        Assert.Equal("applied", ended.Json.GetProperty("result").GetString());
        Assert.Equal("modified", ended.Json.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.Equal("exact", ended.Json.GetProperty("hunks")[0].GetProperty("rung").GetString());
        Assert.Equal(1, ended.Json.GetProperty("hunks")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_is_refused_with_the_nearest_region()
    {
        _folder.Write("root/src/a.txt", "one\nzwo\nthree\n");
        var before = _folder.Snapshot();

        var text = await _cli.RunAsync("patch", "apply", "--root", "root");
        var json = await _cli.RunAsync("patch", "apply", "--root", "root", "--json");

        Assert.Equal(ExitCode.Refused, text.ExitCode);
        Assert.Contains("src/a.txt hunk 1: not_found", text.Out, StringComparison.Ordinal);
        Assert.Contains("2 | zwo", text.Out, StringComparison.Ordinal);
        Assert.Equal("not_found", json.Json.GetProperty("rejects")[0].GetProperty("code").GetString());
        Assert.Equal(1, json.Json.GetProperty("rejects")[0].GetProperty("nearest").GetProperty("first_line").GetInt32());
        Assert.Contains("src/a.txt", json.Json.GetProperty("repair_prompt").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, _folder.Snapshot());
    }

    [Fact]
    public async Task A_tolerance_that_is_switched_off_refuses_what_it_would_let_pass()
    {
        _folder.Write("root/src/a.txt", "zero\none\ntwo\nthree\n");

        var strict = await _cli.RunAsync("patch", "check", "--root", "root", "--without", "line-offset");
        var lenient = await _cli.RunAsync("patch", "check", "--root", "root");

        Assert.Equal(ExitCode.Refused, strict.ExitCode);
        Assert.Equal(ExitCode.Succeeded, lenient.ExitCode);
        Assert.Contains("at line 2 (line-offset", lenient.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_base_at_hand_an_edit_is_carried_over_to_the_moved_file()
    {
        _folder.Write("base/src/a.txt", "one\ntwo\nthree\n").Write("root/src/a.txt", "new\nnew\none\ntwo\nthree\n");

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root", "--base", "base");

        Assert.Equal(ExitCode.Succeeded, ended.ExitCode);
        Assert.Equal("new\nnew\none\nzwei\nthree\n", _folder["root/src/a.txt"]);
    }

    [Fact]
    public async Task Both_sides_of_a_conflict_are_shown()
    {
        _folder.Write("base/src/a.txt", "one\ntwo\nthree\n").Write("root/src/a.txt", "one\ndeux\nthree\n");

        var text = await _cli.RunAsync("patch", "apply", "--root", "root", "--base", "base");
        var json = await _cli.RunAsync("patch", "apply", "--root", "root", "--base", "base", "--json");

        Assert.Equal(ExitCode.Refused, text.ExitCode);
        Assert.Contains("deux", text.Out, StringComparison.Ordinal);
        Assert.Equal("conflict", json.Json.GetProperty("result").GetString());
        Assert.Equal("zwei\n", json.Json.GetProperty("conflicts")[0].GetProperty("patch").GetString());
    }

    [Fact]
    public async Task Files_are_created_moved_and_deleted_and_empty_folders_go()
    {
        _folder.Write("root/old/gone.txt", "x\n").Write("root/old/deep/moved.sh", "run\n");
        File.SetUnixFileMode(_folder.At("root/old/deep/moved.sh"), (UnixFileMode)0b111_101_000);
        _cli.Input = """
            diff --git a/old/gone.txt b/old/gone.txt
            deleted file mode 100644
            --- a/old/gone.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -x
            diff --git a/old/deep/moved.sh b/new/moved.sh
            similarity index 100%
            rename from old/deep/moved.sh
            rename to new/moved.sh
            diff --git a/new/tool.sh b/new/tool.sh
            new file mode 100755
            --- /dev/null
            +++ b/new/tool.sh
            @@ -0,0 +1 @@
            +tool

            """;
        File.SetUnixFileMode(_folder.At("root/old/deep/moved.sh"), (UnixFileMode)0b111_101_000);

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root");

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.False(Directory.Exists(_folder.At("root/old")));
        Assert.Equal("run\n", _folder["root/new/moved.sh"]);
        Assert.Equal((UnixFileMode)0b111_101_000, File.GetUnixFileMode(_folder.At("root/new/moved.sh")));
        Assert.True(Folder.IsExecutable(_folder.At("root/new/tool.sh")));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder.At("root"), "*", SearchOption.AllDirectories).Count(path => !path.Contains("src", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Permissions_stay_and_a_mode_change_lets_those_execute_who_may_read()
    {
        File.SetUnixFileMode(_folder.At("root/src/a.txt"), (UnixFileMode)0b110_100_000);
        _cli.Input = "diff --git a/src/a.txt b/src/a.txt\nold mode 100644\nnew mode 100755\n" + Edit;

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root");

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Equal((UnixFileMode)0b111_101_000, File.GetUnixFileMode(_folder.At("root/src/a.txt")));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    [InlineData("new")]
    public async Task Nothing_is_written_through_a_symbolic_link(string where)
    {
        switch (where)
        {
            case "folder":
                Directory.Delete(_folder.At("root/src"), recursive: true);
                Directory.CreateSymbolicLink(_folder.At("root/src"), _folder.At("outside"));
                File.Copy(_folder.At("outside/secret.txt"), _folder.At("outside/a.txt"));
                break;
            case "file":
                File.Delete(_folder.At("root/src/a.txt"));
                File.CreateSymbolicLink(_folder.At("root/src/a.txt"), _folder.At("outside/secret.txt"));
                break;
            default:
                Directory.CreateSymbolicLink(_folder.At("root/new"), _folder.At("outside"));
                _cli.Input = "--- /dev/null\n+++ b/new/b.txt\n@@ -0,0 +1 @@\n+b\n";
                break;
        }

        var before = _folder.Snapshot();

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root");

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal(before, _folder.Snapshot());
    }

    [Theory]
    [InlineData("../outside/secret.txt")]
    [InlineData(".git/config")]
    [InlineData("src/.GIT/config")]
    [InlineData("/etc/hostname")]
    public async Task Nothing_outside_the_root_or_in_a_git_folder_is_touched(string path)
    {
        _folder.Write("root/.git/config", "one\ntwo\nthree\n").Write("root/src/.GIT/config", "one\ntwo\nthree\n");
        _cli.Input = Edit.Replace("a/src/a.txt", path, StringComparison.Ordinal).Replace("b/src/a.txt", path, StringComparison.Ordinal);
        var before = _folder.Snapshot();

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root");

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal(before, _folder.Snapshot());
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("flush")]
    public void A_failure_at_any_step_leaves_everything_as_it_was(string step)
    {
        _folder.Write("root/b.txt", "b\n").Write("root/c.txt", "c\n");
        for (var nth = 1; nth <= 4; nth++)
        {
            var folder = Folder.Open(_folder.At("root"), "--root");
            var patch = PatchSet.Parse(Edit + """
                diff --git a/b.txt b/b.txt
                deleted file mode 100644
                --- a/b.txt
                +++ /dev/null
                @@ -1 +0,0 @@
                -b
                diff --git a/c.txt b/sub/deep/c.txt
                rename from c.txt
                rename to sub/deep/c.txt

                """);
            var applied = Assert.IsType<PatchResult.Applied>(patch.Apply(folder.ToTree()));
            var before = _folder.Snapshot();
            var left = nth;

            var failure = Record.Exception(() => FolderWriter.Write(folder, applied.Changes, at => Fail(at == step && --left == 0), default));

            if (failure is null)
            {
                Assert.True(nth > 1);
                return;
            }

            Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
            Assert.Equal(before, _folder.Snapshot());
        }
    }

    [Fact]
    public void A_file_that_somebody_changes_in_between_is_left_alone()
    {
        var folder = Folder.Open(_folder.At("root"), "--root");
        var applied = Assert.IsType<PatchResult.Applied>(PatchSet.Parse(Edit).Apply(folder.ToTree()));
        _folder.Write("root/src/a.txt", "mine\n");

        Assert.Throws<CliException>(() => FolderWriter.Write(folder, applied.Changes, null, default));

        Assert.Equal("mine\n", _folder["root/src/a.txt"]);
    }

    [Theory]
    [InlineData("nowhere", "-", "all")]
    [InlineData("root", "missing.diff", "all")]
    [InlineData("root", "-", "luck")]
    public async Task Bad_input_is_told_apart_from_a_refusal(string root, string patch, string without)
    {
        var ended = await _cli.RunAsync("patch", "apply", "--root", root, "--patch", patch, "--without", without);

        Assert.Equal(ExitCode.BadInput, ended.ExitCode);
        Assert.StartsWith("orchestrator: ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_option_is_bad_input_and_JSON_says_so_too()
    {
        var text = await _cli.RunAsync("patch", "apply");
        var json = await _cli.RunAsync("patch", "apply", "--json");

        Assert.Equal(ExitCode.BadInput, text.ExitCode);
        Assert.Contains("--root", text.Error, StringComparison.Ordinal);
        Assert.Equal("bad_input", json.Json.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_text_without_a_patch_is_refused()
    {
        _cli.Input = "I could not find the bug.";

        var ended = await _cli.RunAsync("patch", "apply", "--root", "root", "--json");

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal("no_patch", ended.Json.GetProperty("rejects")[0].GetProperty("code").GetString());
    }

    private static void Fail(bool now)
    {
        if (now)
        {
            throw new IOException("No space left on device");
        }
    }
}
