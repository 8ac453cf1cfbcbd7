using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>What a model may look at while it works on one call: files of the call's base tree, read-only, within bounds. Every file that is looked into is recorded as read.</summary>
/// <param name="files">Reads and records.</param>
/// <param name="tokens">What the model's window has room for beside the input.</param>
/// <remarks>Whatever the model asks for is answered in words it can act on; nothing here throws for it. Belongs to one call.</remarks>
internal sealed class FileTools(IFileReader files, int tokens = int.MaxValue)
{
    /// <summary>Requests of one call that may look something up; with the reply, its repair and some retries they stay below the attempts that a call has.</summary>
    private const int MaxTurns = 4;
    private const int MaxAtOnce = 8;
    private const int MaxTotal = 256 * 1024;
    private const int MaxRead = 32 * 1024;
    private const int MaxListed = 400;
    private const int MaxMatches = 60;
    private const int MaxSearched = 400;
    private const int MaxLine = 240;

    private static readonly AIFunctionDeclaration ReadFile = Declare(
        "read_file",
        "Reads a text file of the repository as it is now, or some of its lines.",
        """{"type":"object","properties":{"path":{"type":"string","description":"Relative to the repository's root."},"first_line":{"type":"integer"},"last_line":{"type":"integer"}},"required":["path"]}""");

    private static readonly AIFunctionDeclaration Search = Declare(
        "search",
        "Finds lines that hold a text, upper and lower case alike.",
        """{"type":"object","properties":{"text":{"type":"string"},"paths":{"type":"string","description":"A glob such as src/**/*.cs; every file without one."}},"required":["text"]}""");

    private static readonly AIFunctionDeclaration ListFiles = Declare(
        "list",
        "Lists files of the repository.",
        """{"type":"object","properties":{"paths":{"type":"string","description":"A glob such as src/**; every file without one."}}}""");

    private readonly List<(string Path, SourceFile.Lines Lines)> _shown = [];
    private int _left = (int)Math.Min(MaxTotal, 2L * Math.Max(0, tokens));
    private int _turns;

    /// <summary>What a request offers.</summary>
    public static IReadOnlyList<AITool> Offered { get; } = [ReadFile, Search, ListFiles];

    /// <summary>The lines of files that have been shown.</summary>
    public IReadOnlyList<(string Path, SourceFile.Lines Lines)> Shown => _shown;

    /// <summary>Whether one more request may look something up.</summary>
    public bool TakeTurn() => _turns++ < MaxTurns;

    public async ValueTask<IList<AIContent>> AnswerAsync(IReadOnlyList<FunctionCallContent> calls, CancellationToken cancellationToken)
    {
        var results = new List<AIContent>();
        foreach (var call in calls)
        {
            results.Add(new FunctionResultContent(call.CallId, results.Count < MaxAtOnce
                ? await AnswerAsync(call, cancellationToken).ConfigureAwait(false)
                : $"error: at most {Show(MaxAtOnce)} tools are served at once; ask again"));
        }

        return results;
    }

    private async ValueTask<string> AnswerAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (_left <= 0)
        {
            return "error: all that may be looked at has been; reply with what you know";
        }

        var before = _shown.Count;
        string answer;
        try
        {
            answer = call.Name switch
            {
                "read_file" => await ReadAsync(call, cancellationToken).ConfigureAwait(false),
                "search" => await SearchAsync(call, cancellationToken).ConfigureAwait(false),
                "list" => await ListAsync(call, cancellationToken).ConfigureAwait(false),
                _ => $"error: there is no tool '{call.Name}'; there are read_file, search and list",
            };
        }
        catch (OrchestratorException e)
        {
            answer = $"error: {e.Message}";
        }

        if (answer.Length > _left)
        {
            // What was cut off has not been seen; better to know of too little than of too much.
            _shown.RemoveRange(before, _shown.Count - before);
            answer = TextCut.Head(answer, _left) + "\n[cut]";
        }

        _left -= answer.Length;
        return answer;
    }

    private async ValueTask<string> ReadAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (Text(call, "path") is not { } path)
        {
            return Missing(call, "path");
        }

        var file = await FileBinder.ReadAsync(path, files, cancellationToken).ConfigureAwait(false);
        var lines = file.Text.Split('\n');
        var first = Math.Clamp(Number(call, "first_line") ?? 1, 1, lines.Length);
        var last = Math.Clamp(Number(call, "last_line") ?? lines.Length, first, lines.Length);
        var text = new StringBuilder();
        var at = first;
        for (; at <= last && text.Length + lines[at - 1].Length < MaxRead; at++)
        {
            text.Append(lines[at - 1]).Append('\n');
        }

        if (at > first)
        {
            _shown.Add((file.Path.Value, new(first, at - 1)));
        }

        return at > last && first == 1 && last == lines.Length
            ? file.Text
            : $"[lines {Show(first)} to {Show(at - 1)} of {Show(lines.Length)}{(at <= last ? "; read on from line " + Show(at) : "")}]\n{text}";
    }

    private async ValueTask<string> SearchAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (Text(call, "text") is not { Length: > 0 } wanted)
        {
            return Missing(call, "text");
        }

        var among = await WithinAsync(call, cancellationToken).ConfigureAwait(false);
        var found = new StringBuilder();
        var matches = 0;
        var searched = 0;
        foreach (var path in among.Take(MaxSearched))
        {
            cancellationToken.ThrowIfCancellationRequested();
            searched++;
            if (await TryReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } text || !text.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var number = 0;
            foreach (var line in text.Split('\n'))
            {
                number++;
                if (line.Contains(wanted, StringComparison.OrdinalIgnoreCase) && matches++ < MaxMatches)
                {
                    found.Append(path).Append(':').Append(Show(number)).Append(": ").Append(Short(line.Trim())).Append('\n');
                }
            }

            if (matches >= MaxMatches)
            {
                break;
            }
        }

        var unseen = among.Count - searched;
        return (matches == 0 ? $"nothing found in {Show(searched)} files\n" : found.ToString())
            + (unseen > 0 ? $"[{Show(unseen)} files were not searched; narrow 'paths' or the text]" : "");
    }

    private async ValueTask<string> ListAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        var among = await WithinAsync(call, cancellationToken).ConfigureAwait(false);
        var listed = string.Join('\n', among.Take(MaxListed));
        return among.Count == 0 ? "there are no such files"
            : among.Count > MaxListed ? $"{listed}\n[and {Show(among.Count - MaxListed)} more; narrow 'paths']"
            : listed;
    }

    private async ValueTask<IReadOnlyList<RepoPath>> WithinAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        var all = await files.ListAsync(cancellationToken).ConfigureAwait(false);
        if (Text(call, "paths") is not { Length: > 0 } glob)
        {
            return all;
        }

        // A folder's name is what models give for what is in it.
        var scope = new PathScope([glob, glob.TrimEnd('/') + "/**"]);
        return [.. all.Where(scope.Contains)];
    }

    private async ValueTask<string?> TryReadAsync(RepoPath path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(path, cancellationToken).ConfigureAwait(false) is { } file && !file.Text.Contains('\0', StringComparison.Ordinal) ? file.Text : null;
        }
        catch (OrchestratorException)
        {
            // No text; a search passes it over.
            return null;
        }
    }

    private static AIFunctionDeclaration Declare(string name, string description, string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return AIFunctionFactory.CreateDeclaration(name, description, document.RootElement.Clone());
    }

    private static string Missing(FunctionCallContent call, string argument) => $"error: {call.Name} needs a JSON object with '{argument}'";

    private static string? Text(FunctionCallContent call, string name) => Find(call, name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        _ => null,
    };

    private static int? Number(FunctionCallContent call, string name) => Find(call, name) switch
    {
        int number => number,
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt32(out var number) => number,
        _ => null,
    };

    private static object? Find(FunctionCallContent call, string name) => call.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value : null;

    private static string Short(string line) => line.Length > MaxLine ? line[..MaxLine] + "…" : line;

    private static string Show(int number) => number.ToString(CultureInfo.InvariantCulture);
}
