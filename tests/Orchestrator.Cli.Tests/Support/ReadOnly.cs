using System.Diagnostics;

namespace Orchestrator.Cli.Tests;

/// <summary>Runs the program with a folder that it cannot write: by permissions, or, as those do not bind root, by a mount that only this process sees.</summary>
internal static class ReadOnly
{
    private const string Mount = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\"";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Why that is not possible here; <see langword="null"/> where it is.</summary>
    public static string? WhyNot { get; } = FindWhyNot();

    public static async Task<(int Code, string Out, string Error)> RunAsync(string folder, string workingDirectory, IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        string[] command = ["dotnet", "exec", typeof(CommandLine).Assembly.Location, .. args];
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("unshare", ["--mount", "sh", "-c", $"{Mount} && shift && exec \"$@\"", "sh", folder, .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.WorkingDirectory = workingDirectory;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        Chmod("a-w", folder);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output, await error);
        }
        finally
        {
            Chmod("u+w", folder);
        }
    }

    private static void Chmod(string mode, string folder)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            using var chmod = Process.Start("chmod", ["-R", mode, folder]);
            chmod.WaitForExit();
        }
    }

    private static string? FindWhyNot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Folders are made read-only by means of Linux.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("orchestrator-cli-readonly-").FullName;
        try
        {
            using var mount = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", $"{Mount} && ! touch \"$1/x\"", "sh", folder]) { RedirectStandardError = true })!;
            var error = mount.StandardError.ReadToEnd();
            mount.WaitForExit();
            return mount.ExitCode == 0 ? null : $"Permissions do not bind root, and a read-only mount is not allowed here: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"Permissions do not bind root, and there is no 'unshare' to make a read-only mount with: {e.Message}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A test that needs a read-only folder; skipped with the reason where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadOnlyFactAttribute : FactAttribute
{
    public ReadOnlyFactAttribute() => Skip = ReadOnly.WhyNot;
}
