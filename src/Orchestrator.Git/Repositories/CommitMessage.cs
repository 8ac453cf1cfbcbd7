using System.Diagnostics.CodeAnalysis;

namespace Orchestrator;

/// <summary>Writes and reads commit messages whose last paragraph names run, call and worker.</summary>
internal static class CommitMessage
{
    private const string RunKey = "Orchestrator-Run: ";
    private const string CallKey = "Orchestrator-Call: ";
    private const string WorkerKey = "Orchestrator-Worker: ";

    public static string Write(RunId run, IWorkspace.Commit request)
    {
        // Git refuses NUL; a carriage return alone would hide a line from people who read the log.
        var text = request.Message.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim();
        return $"{(text.Length == 0 ? "Change without a message" : text)}\n\n{RunKey}{run}\n{CallKey}{request.Call}\n{WorkerKey}{OneLine(request.Worker)}\n";
    }

    /// <summary>Reads run and call from the last paragraph alone: what a model wrote above it names nothing.</summary>
    public static bool TryRead(string message, out RunId run, out CallId call)
    {
        var paragraph = message.TrimEnd()[(message.TrimEnd().LastIndexOf("\n\n", StringComparison.Ordinal) + 1)..].Split('\n');
        run = default;
        call = default;
        return TryFind(paragraph, RunKey, out var runText) && RunId.TryParse(runText, null, out run)
            && TryFind(paragraph, CallKey, out var callText) && CallId.TryParse(callText, null, out call);
    }

    private static bool TryFind(string[] lines, string key, [NotNullWhen(true)] out string? value)
    {
        value = lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();
        return value is not null;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\n', '\r', '\0'], StringSplitOptions.RemoveEmptyEntries));
}
