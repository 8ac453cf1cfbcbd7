using System.Text;
using System.Text.Unicode;

namespace Orchestrator;

/// <summary>What one git command said.</summary>
internal sealed record GitOutput(string Command, int ExitCode, byte[] Bytes, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The output with every line that is not UTF-8 read as Latin-1, in which each byte has a meaning and can be written back.</summary>
    public string TextOfAnyFile => Utf8.IsValid(Bytes)
        ? Text
        : string.Join('\n', DecodeLines());

    /// <summary>The output's only line.</summary>
    public string Line => Text.TrimEnd('\n');

    public string[] Lines => Line.Length == 0 ? [] : Line.Split('\n');

    private List<string> DecodeLines()
    {
        var lines = new List<string>();
        foreach (var range in Bytes.AsSpan().Split((byte)'\n'))
        {
            var line = Bytes.AsSpan(range);
            lines.Add((Utf8.IsValid(line) ? Encoding.UTF8 : Encoding.Latin1).GetString(line));
        }

        return lines;
    }

    public OrchestratorException Failure(string where)
    {
        var words = Error.Length == 0 ? $"exit code {ExitCode}" : Error;
        var hint = words.Contains("ermission denied", StringComparison.Ordinal) || words.Contains("Read-only", StringComparison.Ordinal)
            ? " The run's branch and commits are written into the repository: make it writable for this user, or work on a clone."
            : words.Contains("No space left", StringComparison.Ordinal) ? " Free some disk space and resume the run." : "";
        return new OrchestratorException($"'git {Command}' failed in '{where}': {words}.{hint}");
    }
}
