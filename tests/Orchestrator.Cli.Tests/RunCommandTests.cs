using System.Text.Json;

namespace Orchestrator.Cli.Tests;

public sealed class RunCommandTests : IDisposable
{
    private readonly TestRepository _repository = new();

    private Cli Cli => _repository.Cli;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_bug_is_fixed_on_a_branch_and_the_checkout_stays_as_it_is()
    {
        var before = _repository.Untouched();

        var ended = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix the broken line", "--test", TestRepository.Test);

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Contains("Tests:      sh test.sh", ended.Out, StringComparison.Ordinal);
        Assert.Contains("code_edit: success", ended.Out, StringComparison.Ordinal);
        Assert.Contains("succeeded: Fixed: Fix the broken line.", ended.Out, StringComparison.Ordinal);
        Assert.Contains("Change:  1 file, +1 -1, on branch orchestrator/", ended.Out, StringComparison.Ordinal);
        Assert.Contains("Next:    orchestrator apply ", ended.Out, StringComparison.Ordinal);
        Assert.Equal(before, _repository.Untouched());
        Assert.True(File.Exists(_repository.Journal));
    }

    [Fact]
    public async Task JSON_lines_tell_every_event_and_end_with_the_result()
    {
        var (ended, run) = await _repository.FixAsync();

        var result = ended.JsonLines[^1];
        Assert.Equal("result", result.GetProperty("type").GetString());
        Assert.Equal("succeeded", result.GetProperty("status").GetString());
        Assert.Equal(run, result.GetProperty("run").GetString());
        Assert.True(result.GetProperty("tests_after").GetProperty("green").GetBoolean());
        Assert.Contains("+fixed", result.GetProperty("diff").GetString(), StringComparison.Ordinal);
        var events = ended.JsonLines.Where(line => line.GetProperty("type").GetString() == "event").ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(line => line.GetProperty("sequence").GetInt32()));
        Assert.Equal("run.finished/1", events[^1].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_model_itself_decides_where_that_is_wanted()
    {
        _repository.Model.On(
            "decider",
            """{"action":"call_worker","worker_id":"code_edit","payload":{"goal":"Fix the broken line","file_path":"app.txt"}}""",
            """{"action":"finish","summary":"The line is fixed.","artifacts":[]}""");

        var (ended, _) = await _repository.FixAsync("--workflow", "open");

        Assert.True(ended.ExitCode == 0, ended.Out);
        Assert.Equal("The line is fixed.", ended.JsonLines[^1].GetProperty("summary").GetString());
        Assert.True(ended.JsonLines[^1].GetProperty("tests_after").GetProperty("green").GetBoolean());
    }

    [Fact]
    public async Task A_fix_that_does_not_help_ends_with_a_true_account()
    {
        _repository.Model = TestRepository.Fixer("still broken");

        var (ended, _) = await _repository.FixAsync();

        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.NotEqual("succeeded", ended.JsonLines[^1].GetProperty("status").GetString());
        Assert.False(ended.JsonLines[^1].GetProperty("tests_after").GetProperty("green").GetBoolean());
    }

    [Fact]
    public async Task The_commands_that_look_tell_what_happened()
    {
        var (_, run) = await _repository.FixAsync();

        var list = await Cli.RunAsync("list");
        var show = await Cli.RunAsync("show", run[..10]);
        var transcript = await Cli.RunAsync("transcript", run[^12..]);
        var diff = await Cli.RunAsync("diff", $"orchestrator/{run[^12..]}");
        var watch = await Cli.RunAsync("watch", run);

        Assert.Contains($"{run[^12..]}  succeeded", list.Out, StringComparison.Ordinal);
        Assert.Contains("  c1   verify (old code)              failed", show.Out, StringComparison.Ordinal);
        Assert.StartsWith("# Fix the broken line", transcript.Out, StringComparison.Ordinal);
        Assert.StartsWith("diff --git a/app.txt b/app.txt", diff.Out, StringComparison.Ordinal);
        Assert.Contains("succeeded: Fixed", watch.Out, StringComparison.Ordinal);
        Assert.All([list, show, transcript, diff, watch], ended => Assert.Equal(ExitCode.Succeeded, ended.ExitCode));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("transcript")]
    [InlineData("diff")]
    [InlineData("watch")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("apply")]
    [InlineData("revert")]
    public async Task Every_command_writes_JSON(string command)
    {
        var (_, run) = await _repository.FixAsync();

        var ended = await Cli.RunAsync([command, .. command == "list" ? Array.Empty<string>() : [run], "--json"]);

        Assert.Equal(ExitCode.Succeeded, ended.ExitCode);
        Assert.NotEmpty(ended.JsonLines);
        Assert.All(ended.JsonLines, line => Assert.Equal(JsonValueKind.Object, line.ValueKind));
    }

    [Fact]
    public async Task Two_runs_on_one_repository_at_once_both_work()
    {
        var both = await Task.WhenAll(_repository.FixAsync(), _repository.FixAsync());

        Assert.All(both, each => Assert.True(each.Ended.ExitCode == 0, each.Ended.Out));
        Assert.NotEqual(both[0].Run, both[1].Run);
        Assert.Equal(2, _repository.Git("branch", "--list", "orchestrator/*").Split('\n').Length);
    }

    [Fact]
    public async Task The_configuration_file_sets_what_flags_leave_open()
    {
        _repository.Write("orchestrator.json", """{ "test": "sh test.sh", "paths": ["docs/**"], "constraints": ["Keep it short."], "model": "local" }""");

        var ended = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix it", "--json");

        Assert.Equal("sh test.sh", ended.JsonLines[0].GetProperty("test").GetString());
        Assert.Equal("local", ended.JsonLines[0].GetProperty("model").GetString());
        Assert.Equal(ExitCode.Refused, ended.ExitCode);
        Assert.Contains("out_of_scope", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_models_window_cannot_hold_is_refused_before_anything_is_asked_and_a_larger_window_takes_it()
    {
        _repository.Write("app.txt", "first\nbroken\nlast\n" + string.Concat(Enumerable.Repeat("more of the same text\n", 4_000))).Write("orchestrator.json", """{ "context_window": 16000 }""").Commit();

        var (small, _) = await _repository.FixAsync();
        var (large, _) = await _repository.FixAsync("--context-window", "200000");

        Assert.Equal(ExitCode.Refused, small.ExitCode);
        Assert.Contains("'app.txt' does not fit: it has about ", small.Out, StringComparison.Ordinal);
        Assert.Contains("--context-window", small.Out, StringComparison.Ordinal);
        Assert.True(large.ExitCode == 0, large.Out + large.Error);
        var edits = _repository.Model.Requests.Where(request => request.Role == "code_edit").ToList();
        Assert.Equal(16_384, Assert.Single(edits).Options!.MaxOutputTokens);
        Assert.Equal(4_000, _repository.Model.Requests[0].Options!.MaxOutputTokens);
    }

    [Fact]
    public async Task The_key_is_written_nowhere()
    {
        const string Key = "a-key-that-nobody-may-see-1234567890";
        Cli.Variables["OPENAI_API_KEY"] = Key;
        _repository.Write("test.sh", $"echo {Key}; grep -q fixed app.txt\n").Commit();

        var (ended, run) = await _repository.FixAsync();
        var transcript = await Cli.RunAsync("transcript", run, "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain(Key, ended.Out + transcript.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_is_drawn_on()
    {
        Cli.IsTerminal = true;

        var ended = await Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix the broken line", "--test", TestRepository.Test);

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Contains("code_edit", ended.Out, StringComparison.Ordinal);
        Assert.Contains("tokens in", ended.Out, StringComparison.Ordinal);
        Assert.Contains("\u001b[", ended.Out, StringComparison.Ordinal);
    }
}
