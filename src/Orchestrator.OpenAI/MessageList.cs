using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Writes messages: texts, images, calls of tools and what came of them.</summary>
internal static class MessageList
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        writer.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(instructions))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", instructions);
            writer.WriteEndObject();
        }

        foreach (var message in messages)
        {
            // What came of each tool call is a message of its own here.
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                writer.WriteStartObject();
                writer.WriteString("role", "tool");
                writer.WriteString("tool_call_id", result.CallId);
                writer.WriteString("content", TextOf(result));
                writer.WriteEndObject();
            }

            if (message.Contents.Count == 0 || message.Contents.Any(content => content is not FunctionResultContent))
            {
                Write(writer, message);
            }
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("role", message.Role.Value);
        if (message.AuthorName is { Length: > 0 } author)
        {
            writer.WriteString("name", author);
        }

        var images = message.Contents.Select(ImageOf).OfType<string>().ToList();
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        if (images.Count > 0)
        {
            WriteParts(writer, message.Text, images);
        }
        else if (message.Text.Length > 0 || calls.Count == 0)
        {
            writer.WriteString("content", message.Text);
        }
        else
        {
            writer.WriteNull("content");
        }

        if (calls.Count > 0)
        {
            WriteCalls(writer, calls);
        }

        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, string text, List<string> images)
    {
        writer.WriteStartArray("content");
        if (text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        foreach (var image in images)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "image_url");
            writer.WriteStartObject("image_url");
            writer.WriteString("url", image);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter writer, List<FunctionCallContent> calls)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            writer.WriteStartObject();
            writer.WriteString("id", call.CallId);
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments", ArgumentsOf(call));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string ArgumentsOf(FunctionCallContent call) =>
        JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Compact.GetTypeInfo(typeof(IDictionary<string, object?>)));

    private static string TextOf(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        var other => JsonSerializer.Serialize(other, Compact.GetTypeInfo(typeof(object))),
    };

    private static string? ImageOf(AIContent content) => content switch
    {
        DataContent data when data.HasTopLevelMediaType("image") => data.Uri,
        UriContent uri when uri.HasTopLevelMediaType("image") => uri.Uri.AbsoluteUri,
        _ => null,
    };
}
