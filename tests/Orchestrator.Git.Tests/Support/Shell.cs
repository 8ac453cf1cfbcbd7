using System.Diagnostics;

namespace Orchestrator.Git.Tests;

/// <summary>What the tests ask the operating system.</summary>
internal static class Shell
{
    /// <summary>Waits for a condition that another process brings about; never longer than half a minute.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Waited in vain until {what}.");
            await Task.Delay(20);
        }
    }

    public static void Run(string folder, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, command);
    }

    /// <summary>Whether a process lives; one that has ended and only waits to be counted does not.</summary>
    public static bool IsAlive(int id) => ProcessEntry.TryRead(id) is { Alive: true };

    public static IReadOnlyList<int> ReadIds(string path) => !File.Exists(path) ? []
        : [.. File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];

    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
