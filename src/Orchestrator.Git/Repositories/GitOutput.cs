using System.Text;

namespace Orchestrator;

/// <summary>What one git command said.</summary>
internal sealed record GitOutput(string Command, int ExitCode, byte[] Bytes, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The output's only line.</summary>
    public string Line => Text.TrimEnd('\n');

    public string[] Lines => Line.Length == 0 ? [] : Line.Split('\n');

    public OrchestratorException Failure(string where)
    {
        var words = Error.Length == 0 ? $"exit code {ExitCode}" : Error;
        var hint = words.Contains("ermission denied", StringComparison.Ordinal) || words.Contains("Read-only", StringComparison.Ordinal)
            ? " The run's branch and commits are written into the repository: make it writable for this user, or work on a clone."
            : words.Contains("No space left", StringComparison.Ordinal) ? " Free some disk space and resume the run." : "";
        return new OrchestratorException($"'git {Command}' failed in '{where}': {words}.{hint}");
    }
}
