using System.Text.Json.Nodes;

namespace Orchestrator;

/// <summary>One long text in a worker's input that a model may get whole, in part or not at all.</summary>
internal sealed class InputPiece
{
    private readonly Action<JsonNode?> _set;

    private InputPiece(Kind kind, string text, string? file, Action<JsonNode?> set)
    {
        (What, Text, File, _set) = (kind, text, file, set);
        Tokens = TokenEstimate.Of(text);
    }

    /// <summary>What a piece is for, the more important first.</summary>
    internal enum Kind
    {
        /// <summary>What is judged as a whole, such as a diff: never cut.</summary>
        Whole,

        /// <summary>A file to work on: never dropped.</summary>
        Target,

        /// <summary>The output of something that failed.</summary>
        Failure,

        /// <summary>A file that was asked for.</summary>
        Read,

        /// <summary>Text that came with the task.</summary>
        Attachment,

        /// <summary>What the repository is.</summary>
        Summary,
    }

    public Kind What { get; }

    public string Text { get; }

    /// <summary>The file that the text is of; <see langword="null"/> for none.</summary>
    public string? File { get; }

    public int Tokens { get; }

    /// <summary>Puts something else into the text's place.</summary>
    public void Set(JsonNode? value) => _set(value);

    /// <summary>Every such text in an input.</summary>
    public static IReadOnlyList<InputPiece> Find(JsonObject input, TaskRequest task)
    {
        var found = new List<InputPiece>();
        Add(found, input, "diff", Kind.Whole, null);
        Add(found, input, "original_code", Kind.Target, JsonShape.Text(input["file_path"]));
        Add(found, input, "repo_summary", Kind.Summary, null);
        AddLogs(found, input, task);
        foreach (var (name, value) in input)
        {
            AddFiles(found, value, name == "context" ? Kind.Read : Kind.Target);
        }

        return found;
    }

    private static void AddFiles(List<InputPiece> found, JsonNode? value, Kind kind)
    {
        switch (value)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    AddFiles(found, item, kind);
                }

                break;
            case JsonObject file when JsonShape.Text(file["path"]) is { } path:
                Add(found, file, "code", kind, path);
                Add(found, file, "text", kind, path);
                break;
            case JsonObject target when JsonShape.Text(target["file_path"]) is { } path:
                Add(found, target, "original_code", kind, path);
                break;
            case JsonObject inner:
                foreach (var (_, each) in inner)
                {
                    AddFiles(found, each, kind);
                }

                break;
        }
    }

    private static void AddLogs(List<InputPiece> found, JsonObject input, TaskRequest task)
    {
        if (input["logs"] is not JsonArray logs)
        {
            return;
        }

        var attached = task.Attachments.Select(AttachmentText).ToHashSet(StringComparer.Ordinal);
        for (var at = 0; at < logs.Count; at++)
        {
            if (JsonShape.Text(logs[at]) is { } text)
            {
                var index = at;
                found.Add(new InputPiece(attached.Contains(text) ? Kind.Attachment : Kind.Failure, text, null, value => logs[index] = value));
            }
        }
    }

    /// <summary>An attachment as one text.</summary>
    public static string AttachmentText(TaskRequest.Attachment attachment) => $"{attachment.Name}\n{attachment.Text}";

    private static void Add(List<InputPiece> found, JsonObject parent, string member, Kind kind, string? file)
    {
        if (JsonShape.Text(parent[member]) is { Length: > 0 } text)
        {
            found.Add(new InputPiece(kind, text, file, value => parent[member] = value));
        }
    }
}
