using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Writes a typed input for a model: the small things as JSON, files and other long texts as fenced sections, not escaped.</summary>
internal static class InputText
{
    private const int LongestInline = 160;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An input as JSON, for whoever fits it into a window.</summary>
    public static JsonObject JsonOf<T>(T input, JsonTypeInfo<T> type) => JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(input, type)) as JsonObject ?? [];

    /// <summary>The text that a model gets.</summary>
    /// <param name="json">The input; it is used up.</param>
    /// <param name="task">The task.</param>
    /// <param name="remarks">What is to be said of the input, a line each.</param>
    public static string Of(JsonObject json, TaskRequest task, IReadOnlyList<string> remarks)
    {
        var sections = new StringBuilder();
        Lift(json, "", null, sections);

        var text = new StringBuilder();
        WriteTask(text, json, task);
        text.Append("# Input\n\n```json\n").Append(json.ToJsonString(Indented)).Append("\n```\n");
        if (sections.Length > 0)
        {
            text.Append("\nThe texts that the input refers to:\n\n").Append(sections);
        }

        foreach (var remark in remarks)
        {
            text.Append('\n').Append(remark).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The task, as far as the input does not say the same.</summary>
    private static void WriteTask(StringBuilder text, JsonObject input, TaskRequest task)
    {
        var lines = new List<string>();
        if (task.Goal.Length > 0 && JsonShape.Text(input["goal"]) != task.Goal)
        {
            lines.Add($"The goal of the task that this is a part of: {task.Goal}");
        }

        if (task.Constraints.Count > 0 && JsonShape.IsMissing(input["constraints"]))
        {
            lines.Add("Rules that hold for the whole task:");
            lines.AddRange(task.Constraints.Select(constraint => $"- {constraint}"));
        }

        if (lines.Count > 0)
        {
            text.Append("# Task\n\n").AppendJoin('\n', lines).Append("\n\n");
        }
    }

    private static void Lift(JsonNode node, string path, string? file, StringBuilder sections)
    {
        switch (node)
        {
            case JsonObject members:
                // What identifies a file to the engine says nothing to a model.
                if (members.ContainsKey("hash") && members.ContainsKey("revision") && members.ContainsKey("text"))
                {
                    members.Remove("hash");
                    members.Remove("revision");
                }

                var own = JsonShape.Text(members["path"]) ?? JsonShape.Text(members["file_path"]);
                foreach (var (name, value) in members.ToList())
                {
                    if (JsonShape.IsMissing(value) && name is not ("original_code" or "code"))
                    {
                        members.Remove(name);
                    }
                    else if (value is not null && LiftText(value, path.Length == 0 ? name : $"{path}.{name}", own ?? file, sections, name == "code" ? SpanOf(members["lines"]) : null) is { } reference)
                    {
                        members[name] = reference;
                    }
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (items[index] is { } item && LiftText(item, $"{path}[{index}]", file, sections) is { } reference)
                    {
                        items[index] = reference;
                    }
                }

                break;
        }
    }

    /// <summary>Line numbers, and nothing else: what is written beside a fence must not be able to end its line.</summary>
    private static string? SpanOf(JsonNode? value) =>
        JsonShape.Text(value) is { Length: > 0 } text && text.All(letter => char.IsAsciiDigit(letter) || letter == '-') ? text : null;

    private static JsonValue? LiftText(JsonNode value, string path, string? file, StringBuilder sections, string? lines = null)
    {
        if (JsonShape.Text(value) is not { } text)
        {
            Lift(value, path, file, sections);
            return null;
        }

        // What is part of a file goes beside the rest of it, however short.
        if (lines is null && text.Length <= LongestInline && !text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        FencedSection.Render(sections, path, path == "diff" ? "diff" : LanguageOf(file), text, file, lines);
        sections.Append('\n');
        return JsonValue.Create(FencedSection.Reference + path);
    }

    private static string LanguageOf(string? file) => Path.GetExtension(file ?? "") switch
    {
        ".cs" => "csharp",
        ".py" => "python",
        ".js" or ".mjs" => "javascript",
        ".ts" or ".tsx" => "typescript",
        ".json" => "json",
        ".md" => "markdown",
        { Length: > 1 } extension => extension[1..],
        _ => "text",
    };
}
