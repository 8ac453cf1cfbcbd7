using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Writes a request in the words of OpenAI's chat API, as far as the server understands them.</summary>
internal static class RequestBody
{
    /// <summary>The key by which a request asks for strict structured output.</summary>
    private const string Strict = "strictJsonSchema";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static BinaryData Write(OpenAITarget target, Dialect dialect, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("model", options.ModelId ?? target.Model);
            MessageList.Write(writer, messages, Instructions(dialect, messages, options));
            writer.WriteBoolean("stream", true);
            if (dialect.TakesUsage)
            {
                writer.WriteStartObject("stream_options");
                writer.WriteBoolean("include_usage", true);
                writer.WriteEndObject();
            }

            WriteLimits(writer, target, dialect, options);
            WriteFormat(writer, dialect, options);
            WriteTools(writer, options);
            writer.WriteEndObject();
        }

        return BinaryData.FromBytes(buffer.WrittenMemory);
    }

    private static void WriteLimits(Utf8JsonWriter writer, OpenAITarget target, Dialect dialect, ChatOptions options)
    {
        if (options.MaxOutputTokens is { } tokens)
        {
            writer.WriteNumber(dialect.LimitName, tokens);
        }

        if (dialect.TakesTemperature)
        {
            WriteNumber(writer, "temperature", options.Temperature);
            WriteNumber(writer, "top_p", options.TopP);
            WriteNumber(writer, "frequency_penalty", options.FrequencyPenalty);
            WriteNumber(writer, "presence_penalty", options.PresencePenalty);
        }

        if (dialect.TakesEffort && target.Options.ReasoningEffort is { } effort)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        if (options.Seed is { } seed)
        {
            writer.WriteNumber("seed", seed);
        }

        if (options.StopSequences is { Count: > 0 } stops)
        {
            writer.WriteStartArray("stop");
            foreach (var stop in stops)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, Dialect dialect, ChatOptions options)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson format || !dialect.TakesSchema)
        {
            return;
        }

        writer.WriteStartObject("response_format");
        if (format.Schema is { } schema)
        {
            writer.WriteString("type", "json_schema");
            writer.WriteStartObject("json_schema");
            writer.WriteString("name", NameOf(format));
            if (format.SchemaDescription is { } description)
            {
                writer.WriteString("description", description);
            }

            writer.WritePropertyName("schema");
            schema.WriteTo(writer);
            writer.WriteBoolean("strict", dialect.TakesStrict && options.AdditionalProperties?.TryGetValue(Strict, out var strict) == true && strict is true);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type", "json_object");
        }

        writer.WriteEndObject();
    }

    /// <summary>The schema in words, for a server that takes none. Prompts that state their schema are left as they are.</summary>
    private static string? Instructions(Dialect dialect, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (dialect.TakesSchema || options.ResponseFormat is not ChatResponseFormatJson { Schema: { } schema })
        {
            return options.Instructions;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            schema.WriteTo(writer);
        }

        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        if (options.Instructions?.Contains(text, StringComparison.Ordinal) == true || messages.Any(message => message.Role == ChatRole.System && message.Text.Contains(text, StringComparison.Ordinal)))
        {
            return options.Instructions;
        }

        var said = $"Reply with exactly one JSON object that keeps this schema:\n\n```json\n{text}\n```";
        return options.Instructions is { Length: > 0 } instructions ? $"{instructions}\n\n{said}" : said;
    }

    private static void WriteTools(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        writer.WriteStartArray("tools");
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            tool.JsonSchema.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                writer.WriteString("tool_choice", "none");
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteString("name", name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case RequiredChatToolMode:
                writer.WriteString("tool_choice", "required");
                break;
        }

        if (options.AllowMultipleToolCalls is { } several)
        {
            writer.WriteBoolean("parallel_tool_calls", several);
        }
    }

    private static string NameOf(ChatResponseFormatJson format)
    {
        var name = string.Concat((format.SchemaName ?? "reply").Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' ? character : '_'));
        return name.Length > 64 ? name[..64] : name;
    }
}
