using System.Diagnostics;

namespace Orchestrator.Git.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator commands ").FullName;
    private readonly CommandRunner _runner = new(TimeProvider.System, ProcessTree.OfThisSystem);
    private int _number;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Ids => Path.Combine(_folder, "ids");

    [Fact]
    public async Task A_command_that_never_ends_and_ignores_signals_is_ended_at_its_time_limit()
    {
        var result = await RunAsync("trap '' TERM INT HUP; echo $$ >> ids; echo started; while :; do sleep 1; done", TimeSpan.FromSeconds(1));

        Assert.Equal((CommandEnd.TimedOut, (int?)null), (result.End, result.ExitCode));
        Assert.Contains("started", result.Output);
        AssertNoneAlive(1);
    }

    [Fact]
    public async Task Children_that_left_group_session_and_parent_are_ended_with_the_command()
    {
        // The second one is a daemon by the book: a session of its own, parent gone, output elsewhere, signals ignored.
        var result = await RunAsync(
            "sleep 1000 & echo $! >> ids; (setsid sh -c 'trap \"\" TERM HUP; echo $$ >> ids; exec sleep 1000' >/dev/null 2>&1 &) ; while [ $(wc -l < ids) -lt 2 ]; do sleep 0.05; done; while :; do sleep 1; done",
            TimeSpan.FromSeconds(3));

        Assert.Equal(CommandEnd.TimedOut, result.End);
        AssertNoneAlive(2);
    }

    [Fact]
    public async Task A_forgotten_child_that_holds_the_output_open_neither_delays_the_result_nor_survives_it()
    {
        var started = Stopwatch.GetTimestamp();

        var result = await RunAsync("setsid sleep 1000 & echo $! >> ids; echo done", TimeSpan.FromSeconds(100));

        Assert.Equal((CommandEnd.Exited, 0), (result.End, result.ExitCode));
        Assert.Equal("done\n", result.Output);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        AssertNoneAlive(1);
    }

    [Fact]
    public async Task A_cancelled_command_is_ended_with_its_children()
    {
        using var cancelled = new CancellationTokenSource();
        var run = RunAsync("sleep 1000 & echo $! >> ids; echo $$ >> ids; wait", TimeSpan.FromSeconds(100), cancellationToken: cancelled.Token);
        await Shell.UntilAsync(() => Shell.ReadIds(Ids).Count == 2, "the command has started its child");

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        AssertNoneAlive(2);
    }

    [Fact]
    public async Task Processes_that_the_command_did_not_start_are_left_alone()
    {
        using var stranger = Process.Start(new ProcessStartInfo("sleep", "1000") { Environment = { [ProcessTree.MarkVariable] = "another/1" } })!;
        try
        {
            await RunAsync("while :; do sleep 1; done", TimeSpan.FromSeconds(1));

            Assert.True(Shell.IsAlive(stranger.Id));
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task A_gigabyte_of_output_is_counted_and_cut_and_memory_stays_bounded()
    {
        var before = Process.GetCurrentProcess().PeakWorkingSet64;

        var result = await RunAsync("echo first; yes 0123456789abcdef 2>/dev/null | head -c 1G; echo last", TimeSpan.FromMinutes(2), outputLimit: 64 * 1024);

        Assert.Equal((CommandEnd.Exited, 0), (result.End, result.ExitCode));
        Assert.True(result.OutputCut);
        Assert.StartsWith("first\n", result.Output);
        Assert.EndsWith("last\n", result.Output);
        Assert.Contains((1024L * 1024 * 1024 + 11 - 64 * 1024).ToString("N0", System.Globalization.CultureInfo.InvariantCulture) + " bytes left out", result.Output);
        Assert.InRange(result.Output.Length, 64 * 1024, 66 * 1024);
        Assert.True(Process.GetCurrentProcess().PeakWorkingSet64 - before < 200 * 1024 * 1024);
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        var result = await RunAsync("cat; echo end", TimeSpan.FromSeconds(30));

        Assert.Equal("end\n", result.Output);
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_a_command_that_was_not_started()
    {
        var result = await _runner.RunAsync(new CommandSpec("true", Path.Combine(_folder, "missing"), new Dictionary<string, string>(), "m", TimeSpan.FromSeconds(5), 1000), default);

        Assert.Equal(CommandEnd.NotStarted, result.End);
        Assert.Contains("missing", result.Output);
    }

    [Theory]
    [InlineData(8, "äöü", "äöü")]
    [InlineData(12, "0123456789ab", "0123456789ab")]
    [InlineData(12, "0123456789abcdef", "012\n[... 4 bytes left out ...]\n789abcdef")]
    [InlineData(4, "xäääy", "x\n[... 4 bytes left out ...]\näy")]
    public void Output_keeps_its_beginning_and_its_end(int limit, string written, string expected)
    {
        var output = new CappedOutput(limit);

        foreach (var part in System.Text.Encoding.UTF8.GetBytes(written).Chunk(3))
        {
            output.Add(part);
        }

        Assert.Equal(expected, output.ToText());
    }

    private Task<CommandResult> RunAsync(string command, TimeSpan limit, int outputLimit = 10_000, CancellationToken cancellationToken = default)
    {
        var mark = ProcessTree.MarkOf($"test-{Environment.ProcessId}-{Path.GetFileName(_folder).Replace(' ', '-')}/{++_number}");
        return _runner.RunAsync(new CommandSpec(command, _folder, CommandEnvironment.Choose([], mark), mark, limit, outputLimit), cancellationToken).AsTask();
    }

    private void AssertNoneAlive(int expected)
    {
        var ids = Shell.ReadIds(Ids);
        Assert.Equal(expected, ids.Count);
        Assert.DoesNotContain(ids, Shell.IsAlive);
    }
}
