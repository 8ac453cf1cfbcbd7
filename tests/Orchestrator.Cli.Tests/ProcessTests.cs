using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Cli.Tests;

/// <summary>The real program in a process of its own: interrupted, killed, and carried on.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_model_behind_an_endpoint_fixes_the_bug_and_gets_no_key_that_was_not_meant_for_it()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());

        using var program = Start(model, "--price", "5/25");
        var (code, output, error) = await EndAsync(program);

        Assert.True(code == 0, output + error);
        Assert.Contains("succeeded: Fixed", output, StringComparison.Ordinal);
        Assert.Contains("cost 0.0030", output, StringComparison.Ordinal);
        Assert.All(model.Keys, key => Assert.DoesNotContain("anthropic-secret", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_named_git_in_the_current_folder_is_not_run()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());
        var (program, trap) = (_repository.At("git"), _repository.At("trap"));
        File.WriteAllText(program, $"#!/bin/sh\ntouch '{trap}'\nexit 1\n");
        using (var allow = Process.Start("chmod", ["+x", program]))
        {
            await allow.WaitForExitAsync();
        }

        using var run = Start(model);
        var (code, output, error) = await EndAsync(run);

        Assert.True(code == 0, output + error);
        Assert.False(File.Exists(trap));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupt_leaves_a_run_that_resume_carries_on(string signal)
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());
        HoldTests();
        using var program = Start(model);
        await TestsStartedAsync();

        Signal(signal, program);
        var (code, _, error) = await EndAsync(program);

        Assert.Equal(ExitCode.Interrupted, code);
        var resume = error.Split("go on with: orchestrator ")[1].Trim();
        LetTestsGo();
        var resumed = await _repository.Cli.RunAsync(resume.Split(' '));
        Assert.True(resumed.ExitCode == 0, resumed.Out + resumed.Error);
        Assert.Contains("succeeded: Fixed", resumed.Out, StringComparison.Ordinal);
        Assert.Contains("c1   verify (old code): ", resumed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_process_leaves_a_run_that_resume_takes_over_once_the_claim_has_run_out()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());
        HoldTests();
        using var program = Start(model, "--json");
        var run = JsonElement.Parse((await program.StandardOutput.ReadLineAsync())!).GetProperty("run").GetString()!;
        await TestsStartedAsync();

        program.Kill();
        await program.WaitForExitAsync();

        LetTestsGo();
        var listed = await _repository.Cli.RunAsync("list");
        var resumed = await _repository.Cli.RunAsync("resume", run);
        Assert.Contains("running", listed.Out, StringComparison.Ordinal);
        Assert.True(resumed.ExitCode == 0, resumed.Out + resumed.Error);
        Assert.Contains("is gone", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_cancelled_from_another_process()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());
        HoldTests();
        using var program = Start(model, "--json");
        var run = JsonElement.Parse((await program.StandardOutput.ReadLineAsync())!).GetProperty("run").GetString()!;
        await TestsStartedAsync();

        var cancelled = await _repository.Cli.RunAsync("cancel", run, "--reason", "Not needed");
        var (code, output, _) = await EndAsync(program);

        Assert.Contains("to end", cancelled.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("\"status\":\"cancelled\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_is_cancelled_at_once_without_asking_a_model()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());
        HoldTests();
        using var program = Start(model, "--json");
        var run = JsonElement.Parse((await program.StandardOutput.ReadLineAsync())!).GetProperty("run").GetString()!;
        await TestsStartedAsync();
        Signal("INT", program);
        await EndAsync(program);

        var cancelled = await _repository.Cli.RunAsync("cancel", run);
        var shown = await _repository.Cli.RunAsync("show", run, "--json");

        Assert.StartsWith("Cancelled", cancelled.Out, StringComparison.Ordinal);
        Assert.Equal("cancelled", shown.Json.GetProperty("status").GetString());
        Assert.Empty(_repository.Model.Requests);
    }

    /// <summary>Has the test command wait until it is let go, once it has said that it started.</summary>
    private void HoldTests()
    {
        File.WriteAllText(_repository.At("hold"), "");
        _repository.Write("test.sh", $"touch '{_repository.At("started")}'\nwhile test -e '{_repository.At("hold")}'; do sleep 0.05; done\ngrep -q fixed app.txt\n").Commit();
    }

    private void LetTestsGo() => File.Delete(_repository.At("hold"));

    private async Task TestsStartedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(_repository.At("started")))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private Process Start(LoopbackModel model, params string[] more)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(CommandLine).Assembly.Location, "run", "--repo", _repository.Root, "--goal", "Fix the broken line", "--test", TestRepository.Test, "--model", "loopback", "--endpoint", model.Endpoint, .. more])
        {
            WorkingDirectory = _repository.At(""),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = _repository.At("state");
        start.Environment["ANTHROPIC_API_KEY"] = "anthropic-secret";
        start.Environment["LC_ALL"] = "tr_TR.UTF-8";
        return Process.Start(start)!;
    }

    private static void Signal(string signal, Process process)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task<(int Code, string Out, string Error)> EndAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var output = new StringBuilder(await process.StandardOutput.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output.ToString(), await error);
    }
}
