namespace Orchestrator.Cli.Tests;

/// <summary>Whatever is wrong is said clearly, with exit code 2, and nothing is lost or left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TestRepository _repository = new();

    private Cli Cli => _repository.Cli;

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("", "--goal is empty")]
    [InlineData("   ", "--goal is empty")]
    [InlineData("Fix\u001b[2J it", "control character U+001B")]
    public async Task A_goal_that_is_none(string goal, string message) => await RefusedAsync(message, "run", "--repo", "repo", "--goal", goal, "--test", "true");

    [Fact]
    public async Task A_folder_that_is_no_repository()
    {
        Directory.CreateDirectory(_repository.At("plain"));

        await RefusedAsync("is not a git repository", "run", "--repo", "plain", "--goal", "Fix it");
        await RefusedAsync("there is no folder", "run", "--repo", "nowhere", "--goal", "Fix it");
    }

    [Fact]
    public async Task A_folder_inside_a_repository()
    {
        _repository.Write("part/a.txt", "a\n").Commit();

        await RefusedAsync("inside the repository", "run", "--repo", "repo/part", "--goal", "Fix it");
    }

    [Fact]
    public async Task A_bare_repository_without_a_revision()
    {
        _repository.Git("clone", "--quiet", "--bare", ".", _repository.At("bare"));

        await RefusedAsync("is a bare repository", "run", "--repo", "bare", "--goal", "Fix it");
        var ended = await Cli.RunAsync("run", "--repo", "bare", "--revision", "main", "--goal", "Fix it", "--test", TestRepository.Test);

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
    }

    [Fact]
    public async Task A_repository_without_a_commit()
    {
        TestRepository.GitAt(_repository.At("empty"), "init", "--quiet");

        await RefusedAsync("has no commit", "run", "--repo", "empty", "--goal", "Fix it");
    }

    [Fact]
    public async Task A_checkout_in_the_middle_of_a_merge()
    {
        _repository.Git("switch", "--quiet", "--create", "side");
        _repository.Write("app.txt", "first\nside\nlast\n").Commit("Side");
        _repository.Git("switch", "--quiet", "main");
        _repository.Write("app.txt", "first\nmain broken\nlast\n").Commit("Main");
        Assert.Throws<InvalidOperationException>(() => _repository.Git("merge", "side"));

        await RefusedAsync("a merge is under way", "run", "--repo", "repo", "--goal", "Fix it", "--test", TestRepository.Test);
    }

    [Fact]
    public async Task A_detached_head_is_worked_on_and_told()
    {
        _repository.Git("switch", "--quiet", "--detach");

        var ended = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix it", "--test", TestRepository.Test);

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Contains("HEAD is detached", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_workflow_run_option_or_revision()
    {
        await RefusedAsync("there is no workflow 'magic'; there are bugfix, open", "run", "--repo", "repo", "--goal", "Fix it", "--workflow", "magic");
        await RefusedAsync("there is no commit 'nope'", "run", "--repo", "repo", "--goal", "Fix it", "--revision", "nope");
        await RefusedAsync("is no price", "run", "--repo", "repo", "--goal", "Fix it", "--price", "cheap");
        await RefusedAsync("{tests}", "run", "--repo", "repo", "--goal", "Fix it", "--test", "true", "--test-subset", "npm test");
        await RefusedAsync("There is no journal", "show", "abc");
        await _repository.FixAsync();
        await RefusedAsync("There is no run 'abc'", "show", "abc");
        await RefusedAsync("--goal", "run");
        await RefusedAsync("Unrecognized", "run", "--repo", "repo", "--goal", "x", "--gaol", "y");
    }

    [Fact]
    public async Task An_ambiguous_run()
    {
        var (_, first) = await _repository.FixAsync();
        await _repository.FixAsync();

        await RefusedAsync("could be", "show", first[..3]);
    }

    [Fact]
    public async Task A_repository_whose_tests_cannot_be_found()
    {
        await RefusedAsync("--test CMD", "run", "--repo", "repo", "--goal", "Fix it");
    }

    [Fact]
    public async Task A_journal_that_is_no_database()
    {
        await File.WriteAllTextAsync(_repository.At("notes.txt"), string.Join('\n', Enumerable.Repeat("These are notes, and not a database.", 200)));
        var before = await File.ReadAllTextAsync(_repository.At("notes.txt"));

        await RefusedAsync("is not an SQLite database", "run", "--repo", "repo", "--goal", "Fix it", "--test", "true", "--journal", "notes.txt");
        await RefusedAsync("is not an SQLite database", "list", "--journal", "notes.txt");

        Assert.Equal(before, await File.ReadAllTextAsync(_repository.At("notes.txt")));
    }

    [Fact]
    public async Task A_journal_that_would_be_inside_the_repository()
    {
        Cli.Variables["XDG_STATE_HOME"] = Path.Combine(_repository.Root, "state");

        await RefusedAsync("inside the repository", "run", "--repo", "repo", "--goal", "Fix it", "--test", "true");

        Assert.False(Directory.Exists(Path.Combine(_repository.Root, "state")));
    }

    [Fact]
    public async Task A_model_that_cannot_be_reached()
    {
        Cli.Model = null;

        await RefusedAsync("Set ANTHROPIC_API_KEY", "run", "--repo", "repo", "--goal", "Fix it", "--test", "true");
        await RefusedAsync("set the environment variable ANTHROPIC_API_KEY", "run", "--repo", "repo", "--goal", "Fix it", "--model", "claude-opus-4-6");
        await RefusedAsync("set the environment variable OPENAI_API_KEY", "run", "--repo", "repo", "--goal", "Fix it", "--model", "gpt-5.3-codex");
        await RefusedAsync("is no address", "run", "--repo", "repo", "--goal", "Fix it", "--endpoint", "nowhere", "--model", "m");
        await RefusedAsync("user or password", "run", "--repo", "repo", "--goal", "Fix it", "--endpoint", "https://me:pw@example.org/v1", "--model", "m");
        await RefusedAsync("say with --model", "run", "--repo", "repo", "--goal", "Fix it", "--endpoint", "http://localhost:1/v1");
    }

    [Fact]
    public async Task A_repository_that_wants_the_users_key_sent_elsewhere()
    {
        Cli.Model = null;
        Cli.Variables["OPENAI_API_KEY"] = "a-key-1234567890";
        _repository.Write("orchestrator.json", """{ "model": "m", "endpoint": "https://collect.example.org/v1" }""");

        await RefusedAsync("OPENAI_API_KEY would be sent there", "run", "--repo", "repo", "--goal", "Fix it");
    }

    [Theory]
    [InlineData("""{ "api_key": "x" }""", "looks like a key")]
    [InlineData("""{ "model": "sk-abcdefghijklmnopqrstuvwxyz" }""", "looks like a key")]
    [InlineData("""{ "tset": "make" }""", "there is no setting 'tset'")]
    [InlineData("""{ "test": 1 }""", "must be a string")]
    [InlineData("""{ "paths": "src" }""", "must be a list of strings")]
    [InlineData("""{ "context_window": "large" }""", "must be a whole number")]
    [InlineData("""{ "context_window": 12 }""", "from 4096 up")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{", "is not JSON")]
    public async Task A_configuration_file_that_is_wrong(string text, string message)
    {
        _repository.Write("orchestrator.json", text);

        await RefusedAsync(message, "run", "--repo", "repo", "--goal", "Fix it");
    }

    [Fact]
    public async Task A_large_attachment_is_cut_and_told_and_one_that_is_no_text_is_refused()
    {
        await File.WriteAllTextAsync(_repository.At("crash.log"), "FIRST LINE\n" + new string('x', 1024 * 1024) + "\nUnhandled exception: boom\n   at Drafts.Save() in /x/app.txt:line 2\n" + string.Concat(Enumerable.Repeat("all is well\n", 20_000)) + "LAST LINE\n");
        await File.WriteAllBytesAsync(_repository.At("core"), new byte[100]);

        await RefusedAsync("is not text", "run", "--repo", "repo", "--goal", "Fix it", "--attach", "core");
        await RefusedAsync("there is no file", "run", "--repo", "repo", "--goal", "Fix it", "--attach", "missing.log");
        var ended = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix it", "--test", TestRepository.Test, "--attach", "crash.log");

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Contains("'crash.log' is long; its errors, stack traces and what stands around them are attached, 64 KiB at most.", ended.Out, StringComparison.Ordinal);
        var prompt = _repository.Model.Requests[0].Text;
        Assert.Contains("Unhandled exception: boom", prompt, StringComparison.Ordinal);
        Assert.Contains("/x/app.txt:line 2", prompt, StringComparison.Ordinal);
        Assert.Contains("lines left out", prompt, StringComparison.Ordinal);
        Assert.True(prompt.Length < 200_000);
    }

    [Theory]
    [InlineData("many", "--context-window: 'many' is no number")]
    [InlineData("100", "--context-window: '100' is no number of tokens from 4096 up")]
    [InlineData("-8000", "--context-window")]
    public async Task A_window_that_is_none(string window, string message) =>
        await RefusedAsync(message, "run", "--repo", "repo", "--goal", "Fix it", "--test", TestRepository.Test, $"--context-window={window}");

    private async Task RefusedAsync(string message, params string[] args)
    {
        var untouched = Directory.Exists(Path.Combine(_repository.Root, ".git")) ? _repository.Git("for-each-ref") : "";

        var text = await Cli.RunAsync(args);
        var json = await Cli.RunAsync([.. args, "--json"]);

        Assert.Equal(ExitCode.BadInput, text.ExitCode);
        Assert.Contains(message, text.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, json.ExitCode);
        Assert.Contains(message, json.JsonLines[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(untouched, _repository.Git("for-each-ref"));
    }
}
