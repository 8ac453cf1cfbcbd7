using System.Diagnostics;

namespace Orchestrator.Benchmarks;

/// <summary>A real process from its start to its end.</summary>
internal static class Command
{
    /// <summary>This program, which does nothing when it is told so.</summary>
    public static string Here => typeof(Command).Assembly.Location;

    public static string Orchestrator => Path.Combine(AppContext.BaseDirectory, "Orchestrator.Cli.dll");

    public static async Task<Times> RunAsync(string name, string program, string[] arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = program.EndsWith(".dll", StringComparison.Ordinal) ? new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        foreach (var (key, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        double? firstEvent = null;
        var tests = 0;
        var requests = 0;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("\"type\":\"event\"", StringComparison.Ordinal))
            {
                firstEvent ??= Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                tests += line.Contains("\"kind\":\"command\"", StringComparison.Ordinal) ? 1 : 0;
                requests += line.Contains("\"kind\":\"model\"", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        await process.WaitForExitAsync();
        var whole = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode == 0
            ? new Times(firstEvent ?? whole, whole, tests, requests)
            : throw new InvalidOperationException($"{name} ended with {process.ExitCode}:\n{string.Join('\n', lines.TakeLast(5))}");
    }
}
