namespace Orchestrator.Cli.Tests;

/// <summary><c>run --include-dirty</c>: the run sees the checkout as it is, and its own change comes back on top of it.</summary>
public sealed class IncludeDirtyTests : IDisposable
{
    private readonly TestRepository _repository = new();

    private Cli Cli => _repository.Cli;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_change_comes_back_on_top_of_what_was_uncommitted_and_can_be_taken_out_again()
    {
        MakeDirty();
        var before = _repository.Untouched();

        var (fixing, run) = await _repository.FixAsync("--include-dirty");
        var untouched = _repository.Untouched();
        var diff = await Cli.RunAsync("diff", run);
        var applied = await Cli.RunAsync("apply", run);
        var changed = (App: _repository["app.txt"], New: _repository["new.txt"], Status: _repository.Git("status", "--porcelain"));
        var again = await Cli.RunAsync("apply", run);
        var reverted = await Cli.RunAsync("revert", run);

        Assert.True(fixing.ExitCode == 0, fixing.Out);
        Assert.Contains("with your uncommitted changes at 3 paths", fixing.JsonLines[0].GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(before, untouched);
        Assert.Contains("+fixed", diff.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", string.Concat(diff.Out.Split('\n').Where(line => line.StartsWith('+'))), StringComparison.Ordinal);
        Assert.True(applied.ExitCode == 0, applied.Error);
        Assert.Equal(("first\nfixed\nlast\nmine\n", "new\n", " M app.txt\nM  test.sh\n?? new.txt"), changed);
        Assert.Contains("has this change already", again.Out, StringComparison.Ordinal);
        Assert.True(reverted.ExitCode == 0, reverted.Error);
        Assert.Equal(before, _repository.Untouched());
    }

    [Theory]
    [InlineData("app.txt")]
    [InlineData("new.txt")]
    [InlineData("another.txt")]
    public async Task Applying_is_refused_where_the_uncommitted_changes_are_others_by_now(string path)
    {
        MakeDirty();
        var (_, run) = await _repository.FixAsync("--include-dirty");
        _repository.Write(path, "first\nbroken\nlast\nmine\nand more\n");
        var before = _repository.Untouched();

        var ended = await Cli.RunAsync("apply", run);

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains($"they have changed since ('{path}')", ended.Error, StringComparison.Ordinal);
        Assert.Contains("git cherry-pick ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, _repository.Untouched());
    }

    [Fact]
    public async Task Applying_is_refused_where_the_changes_were_committed_and_the_named_way_works()
    {
        MakeDirty();
        var (_, run) = await _repository.FixAsync("--include-dirty");
        _repository.Commit("Mine");

        var ended = await Cli.RunAsync("apply", run);
        var command = ended.Error[(ended.Error.IndexOf("git cherry-pick", StringComparison.Ordinal) + "git ".Length)..].Trim();
        _repository.Git(command.Split(' '));

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal("first\nfixed\nlast\nmine\n", _repository["app.txt"]);
        Assert.Equal("", _repository.Git("status", "--porcelain"));
    }

    [Fact]
    public async Task The_users_own_staged_version_of_a_file_does_not_keep_the_change_from_being_taken_out()
    {
        _repository.Write("app.txt", "staged\nbroken\nlast\n");
        _repository.Git("add", "app.txt");
        _repository.Write("app.txt", "first\nbroken\nlast\nmine\n");
        var (_, run) = await _repository.FixAsync("--include-dirty");
        await Cli.RunAsync("apply", run);

        var reverted = await Cli.RunAsync("revert", run);
        await Cli.RunAsync("apply", run);
        _repository.Git("add", "app.txt");
        var refused = await Cli.RunAsync("revert", run);

        Assert.True(reverted.ExitCode == 0, reverted.Error);
        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains("are staged ('app.txt')", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_line_ends_git_would_write_otherwise_is_not_replaced()
    {
        _repository.Git("config", "core.autocrlf", "true");
        _repository.Write("app.txt", "first\nbroken\nlast\nmine\n");
        var (fixing, run) = await _repository.FixAsync("--include-dirty");

        var ended = await Cli.RunAsync("apply", run);

        Assert.True(fixing.ExitCode == 0, fixing.Out);
        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains("other line ends", ended.Error, StringComparison.Ordinal);
        Assert.Equal("first\nbroken\nlast\nmine\n", _repository["app.txt"]);
    }

    [Fact]
    public async Task A_clean_checkout_starts_from_HEAD_and_nested_repositories_are_said_to_be_left_out()
    {
        var (clean, _) = await _repository.FixAsync("--include-dirty");
        TestRepository.GitAt(Path.Combine(_repository.Root, "inner"), "init", "--quiet");
        _repository.Write("new.txt", "new\n");
        var (dirty, _) = await _repository.FixAsync("--include-dirty");

        Assert.Empty(clean.JsonLines[0].GetProperty("notes").EnumerateArray());
        Assert.Contains(dirty.JsonLines[0].GetProperty("notes").EnumerateArray(), note => note.GetString()!.EndsWith("repositories of their own: 'inner'.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_refused_beside_a_revision_and_without_a_checkout()
    {
        _repository.Git("clone", "--quiet", "--bare", ".", _repository.At("bare"));

        var both = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix it", "--include-dirty", "--revision", "HEAD");
        var bare = await Cli.RunAsync("run", "--repo", "bare", "--goal", "Fix it", "--include-dirty");

        Assert.Equal(ExitCode.BadInput, both.ExitCode);
        Assert.Contains("give one of the two", both.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, bare.ExitCode);
    }

    /// <summary>An unstaged edit beside the bug, a staged one elsewhere, and a new file.</summary>
    private void MakeDirty()
    {
        _repository.Write("test.sh", "grep -q fixed app.txt && grep -q mine app.txt && test -f new.txt\n");
        _repository.Git("add", "test.sh");
        _repository.Write("app.txt", "first\nbroken\nlast\nmine\n").Write("new.txt", "new\n");
    }
}
