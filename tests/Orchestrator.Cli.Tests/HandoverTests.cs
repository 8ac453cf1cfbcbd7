namespace Orchestrator.Cli.Tests;

public sealed class HandoverTests : IDisposable
{
    private readonly TestRepository _repository = new();

    private Cli Cli => _repository.Cli;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Applying_brings_the_change_over_uncommitted_and_reverting_takes_it_out()
    {
        var (_, run) = await _repository.FixAsync();
        var before = _repository.Untouched();

        var applied = await Cli.RunAsync("apply", run);
        var changed = (Text: _repository["app.txt"], Status: _repository.Git("status", "--porcelain"));
        var again = await Cli.RunAsync("apply", run);
        var reverted = await Cli.RunAsync("revert", run);

        Assert.True(applied.ExitCode == 0, applied.Error);
        Assert.Equal("first\nfixed\nlast\n", changed.Text);
        Assert.Equal(" M app.txt", changed.Status);
        Assert.Contains("has this change already", again.Out, StringComparison.Ordinal);
        Assert.True(reverted.ExitCode == 0, reverted.Error);
        Assert.Equal(before, _repository.Untouched());
    }

    [Fact]
    public async Task A_dirty_checkout_is_refused()
    {
        var (_, run) = await _repository.FixAsync();
        _repository.Write("test.sh", "mine\n");

        var ended = await Cli.RunAsync("apply", run);

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains("uncommitted changes ('test.sh')", ended.Error, StringComparison.Ordinal);
        Assert.Equal("first\nbroken\nlast\n", _repository["app.txt"]);
    }

    [Fact]
    public async Task A_checkout_that_moved_on_is_refused()
    {
        var (_, run) = await _repository.FixAsync();
        _repository.Write("new.txt", "mine\n").Commit("More");

        var ended = await Cli.RunAsync("apply", run, "--json");

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal("refused", ended.Json.GetProperty("code").GetString());
        Assert.Contains("git merge orchestrator/", ended.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_since_is_not_reverted()
    {
        var (_, run) = await _repository.FixAsync();
        await Cli.RunAsync("apply", run);
        _repository.Write("app.txt", "first\nfixed\nlast\nmine\n");

        var ended = await Cli.RunAsync("revert", run);

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Equal("first\nfixed\nlast\nmine\n", _repository["app.txt"]);
    }

    [Fact]
    public async Task Reverting_what_was_never_applied_changes_nothing()
    {
        var (_, run) = await _repository.FixAsync();

        var ended = await Cli.RunAsync("revert", run);

        Assert.Equal(ExitCode.Succeeded, ended.ExitCode);
        Assert.Contains("nothing to take out", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reverting_a_run_that_was_never_applied_does_not_take_the_users_own_change_for_its()
    {
        var (_, run) = await _repository.FixAsync();
        _repository.Write("app.txt", "first\nmine\nlast\n");

        var ended = await Cli.RunAsync("revert", run);

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains("the change was never brought over", ended.Error, StringComparison.Ordinal);
        Assert.Equal("first\nmine\nlast\n", _repository["app.txt"]);
    }

    [Theory]
    [InlineData("--skip-worktree")]
    [InlineData("--assume-unchanged")]
    public async Task A_change_that_git_was_told_to_pass_over_is_named_as_that(string mark)
    {
        var (_, run) = await _repository.FixAsync();
        _repository.Git("update-index", mark, "app.txt");
        _repository.Write("app.txt", "first\nmine\nlast\n");

        var ended = await Cli.RunAsync("apply", run);

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains("Git passes over these files", ended.Error, StringComparison.Ordinal);
        Assert.Contains("'app.txt'", ended.Error, StringComparison.Ordinal);
        Assert.Equal("first\nmine\nlast\n", _repository["app.txt"]);
    }

    [Fact]
    public async Task Line_ends_are_as_the_user_has_them()
    {
        _repository.Write(".gitattributes", "*.txt text eol=crlf\n").Commit("Line ends");
        _repository.Git("rm", "--cached", "-q", "app.txt");
        File.Delete(Path.Combine(_repository.Root, "app.txt"));
        _repository.Git("reset", "--hard", "--quiet");
        Assert.Equal("first\r\nbroken\r\nlast\r\n", _repository["app.txt"]);
        var (fixing, run) = await _repository.FixAsync();

        var ended = await Cli.RunAsync("apply", run);

        Assert.True(ended.ExitCode == 0, fixing.Out + ended.Error);
        Assert.Equal("first\r\nfixed\r\nlast\r\n", _repository["app.txt"]);
    }
}
