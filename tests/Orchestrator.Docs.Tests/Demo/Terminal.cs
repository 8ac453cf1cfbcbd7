using System.Diagnostics;

namespace Orchestrator.Docs.Tests.Demo;

/// <summary>A shell in the sample repository, in which <c>orchestrator</c> is the command as it was built.</summary>
internal sealed class Terminal(string repository, string state)
{
    // Generous: it only ends a test that would never end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs one line as a person would type it.</summary>
    /// <returns>What it wrote to either stream.</returns>
    public async Task<string> TypeAsync(string line)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "Orchestrator.Cli.dll");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1\norchestrator() {{ dotnet exec '{tool}' \"$@\"; }}\n{line}"])
        {
            WorkingDirectory = repository, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment["XDG_STATE_HOME"] = state;
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("ANTHROPIC_API_KEY");
        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await shell.WaitForExitAsync();
        return output;
    }
}
