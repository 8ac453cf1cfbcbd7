using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator.Cli.Tests;

/// <summary>A run that waits for a person, accepted by another host on the same journal.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly TestRepository _repository = new();

    private Cli Cli => _repository.Cli;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_question_is_shown_answered_and_the_run_goes_on()
    {
        var run = await AskAsync();

        var shown = await Cli.RunAsync("show", run);
        var watched = await Cli.RunAsync("watch", run, "--json");
        var resumed = await Cli.RunAsync("resume", run);
        var wrong = await Cli.RunAsync("answer", run, "c1", "perhaps");
        var none = await Cli.RunAsync("answer", run, "one", "yes");
        var answered = await Cli.RunAsync("answer", run, "c1", "yes", "--json");
        var done = await Cli.RunAsync("resume", run);

        Assert.Contains("c1 asks: Go ahead?", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"orchestrator answer {run[^12..]} c1 yes|no", shown.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WaitingForPerson, watched.ExitCode);
        Assert.Equal("Go ahead?", watched.JsonLines[^1].GetProperty("questions")[0].GetProperty("text").GetString());
        Assert.Equal(ExitCode.WaitingForPerson, resumed.ExitCode);
        Assert.Equal(ExitCode.BadInput, wrong.ExitCode);
        Assert.Contains("choose one of yes, no", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, none.ExitCode);
        Assert.Equal($"orchestrator resume {run[^12..]}", answered.Json.GetProperty("resume").GetString());
        Assert.True(done.ExitCode == 0, done.Out + done.Error);
        Assert.Contains("c1   answered by user: yes", done.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_kind_of_host_is_paused_with_the_difference()
    {
        var run = await AskAsync("other");

        var resumed = await Cli.RunAsync("resume", run);

        Assert.Equal(ExitCode.WaitingForPerson, resumed.ExitCode);
        Assert.Contains("workflow 'other' is not registered here", resumed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_certain_paths_is_shown_and_waits_for_approval()
    {
        var (waiting, run) = await _repository.FixAsync("--ask-before", "*.txt", "db/**");

        var shown = await Cli.RunAsync("show", run);
        var proposed = await Cli.RunAsync("diff", run, "--call", "c3");
        var nothing = await Cli.RunAsync("diff", run, "--call", "c1");
        var nobody = await Cli.RunAsync("diff", run, "--call", "c99");
        var answered = await Cli.RunAsync("answer", run, "c4", "yes");
        var done = await Cli.RunAsync("resume", run);

        Assert.Equal(ExitCode.WaitingForPerson, waiting.ExitCode);
        Assert.Contains("It writes 'app.txt'", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"orchestrator diff {run[^12..]} --call c3", shown.Out, StringComparison.Ordinal);
        Assert.Contains("-broken\n+fixed\n", proposed.Out, StringComparison.Ordinal);
        Assert.Contains("proposes no change", nothing.Error, StringComparison.Ordinal);
        Assert.Contains("no call 'c99'", nobody.Error, StringComparison.Ordinal);
        Assert.True(answered.ExitCode == 0, answered.Error);
        Assert.True(done.ExitCode == 0, done.Out + done.Error);
        Assert.Contains("succeeded: Fixed", done.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_glob_does_not_take_the_rule_away()
    {
        _repository.Write("orchestrator.json", """{ "ask_before": ["**"] }""").Commit("Settings");

        var ended = await Cli.RunAsync("run", "--repo", _repository.Root, "--goal", "Fix it", "--test", TestRepository.Test, "--ask-before", "");

        Assert.Equal(ExitCode.BadInput, ended.ExitCode);
        Assert.Contains("--ask-before: an empty glob", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_does_not_approve_is_not_committed()
    {
        _repository.Write("orchestrator.json", """{ "ask_before": ["**"] }""").Commit("Settings");
        var (_, run) = await _repository.FixAsync();

        await Cli.RunAsync("answer", run, "c4", "no");
        var done = await Cli.RunAsync("resume", run, "--json");

        var result = done.JsonLines[^1];
        Assert.Empty(result.GetProperty("diff").GetString()!);
        Assert.NotEqual("succeeded", result.GetProperty("status").GetString());
    }

    private async Task<string> AskAsync(string workflow = "bugfix")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_repository.Journal)!);
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddWorkflow(workflow, _ => new Decision.CallWorker([Person.Call(new Person.Question("Go ahead?") { Options = ["yes", "no"] })]))
            .UseGit(git => git.AllowPaths = new GitRepositoryOptions("") { Test = TestRepository.Test })
            .UseSqliteJournal(_repository.Journal);
        await using var provider = services.BuildServiceProvider();
        var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Fix it")
        {
            Scope = new TaskRequest.RepoScope { Repo = _repository.Root },
            Labels = new RunSettings { Test = TestRepository.Test, Model = "scripted" }.ToLabels(),
        });
        Assert.Equal(RunStatus.Paused, result.Status);
        return result.Run.ToString();
    }
}
