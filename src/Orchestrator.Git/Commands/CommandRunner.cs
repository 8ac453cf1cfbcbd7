using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator;

/// <summary>Runs shell commands and leaves no process of theirs behind, however they end.</summary>
internal sealed class CommandRunner(TimeProvider time, IProcessTree processes)
{
    // How long the rest of the output is waited for once every process that is known to hold the pipe has been ended.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private static readonly string? Setsid =
        ((string[])["/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid"]).FirstOrDefault(path => !OperatingSystem.IsWindows() && File.Exists(path));

    /// <summary>Runs one command to its end, its time limit or its cancellation.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; its processes have been ended.</exception>
    public async ValueTask<CommandResult> RunAsync(CommandSpec command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        var output = new CappedOutput(command.OutputLimit);
        Process process;
        try
        {
            process = Start(command);
        }
        catch (Win32Exception failure)
        {
            return new CommandResult(CommandEnd.NotStarted, null, $"The shell could not be started in '{command.Directory}': {failure.Message}", false, TimeSpan.Zero);
        }

        using (process)
        {
            var pumps = Task.WhenAll(PumpAsync(process.StandardOutput.BaseStream, output), PumpAsync(process.StandardError.BaseStream, output));
            var end = await WaitAsync(process, command, cancellationToken).ConfigureAwait(false);
            var drained = await Task.WhenAny(pumps, Task.Delay(DrainLimit, time, CancellationToken.None)).ConfigureAwait(false) == pumps;
            var duration = time.GetElapsedTime(started);
            cancellationToken.ThrowIfCancellationRequested();
            var text = output.ToText() + (drained ? "" : "\n[The output was given up: a process that could not be ended still holds it.]\n");
            return new CommandResult(end, end == CommandEnd.Exited ? process.ExitCode : null, text, output.Dropped > 0, duration);
        }
    }

    private async ValueTask<CommandEnd> WaitAsync(Process process, CommandSpec command, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(command.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);

            // A server that a test forgot would hold the pipe, and would be there for the next run to meet.
            processes.End(command.Mark);
            return CommandEnd.Exited;
        }
        catch (OperationCanceledException)
        {
            processes.End(command.Mark, process.Id);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return CommandEnd.TimedOut;
        }
    }

    private static Process Start(CommandSpec command)
    {
        // A session of its own keeps an interrupt in the host's terminal from reaching the command before the host has decided what to do.
        string[] line = OperatingSystem.IsWindows() ? ["cmd.exe", "/d", "/s", "/c", command.Text]
            : Setsid is null ? ["/bin/sh", "-c", command.Text]
            : [Setsid, "/bin/sh", "-c", command.Text];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = command.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static async Task PumpAsync(Stream stream, CappedOutput output)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is > 0 and var read)
            {
                output.Add(buffer.AsSpan(0, read));
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Given up after the drain limit.
        }
    }
}
