using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>One request to one model: as it is sent, what identifies it, and the most that it can use.</summary>
/// <remarks>
/// Two requests with equal hashes would be answered by the same reply, so the hash covers everything that goes to the model and nothing else. The length of
/// the hashed JSON is the ceiling of input tokens: no tokenizer makes more tokens than there are bytes.
/// </remarks>
internal sealed record ModelRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, string Hash, TokenUsage Ceiling, string Prompt, string PromptHash)
{
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ModelRequest Of(RegisteredModel model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        IReadOnlyList<ChatMessage> sent = [.. messages];
        var effective = options?.Clone() ?? new ChatOptions();
        effective.MaxOutputTokens = Math.Min(effective.MaxOutputTokens is > 0 and var asked ? asked : int.MaxValue, model.Options.MaxOutputTokens);
        var (prompt, promptHash) = TakePrompt(effective, sent);

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Canonical))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model.Name);
            writer.WriteStartArray("messages");
            foreach (var message in sent)
            {
                Write(writer, message);
            }

            writer.WriteEndArray();
            Write(writer, effective);
            writer.WriteEndObject();
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
        return new ModelRequest(sent, effective, hash, new TokenUsage(buffer.WrittenCount, effective.MaxOutputTokens.Value), prompt, promptHash);
    }

    private static (string Id, string Hash) TakePrompt(ChatOptions options, IReadOnlyList<ChatMessage> messages)
    {
        var id = PromptKeys.Find(options, PromptKeys.Id) ?? (options.ResponseFormat as ChatResponseFormatJson)?.SchemaName ?? "";
        var hash = PromptKeys.Find(options, PromptKeys.Hash) ?? HashOf(
            options.Instructions + string.Concat(messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text)));
        options.AdditionalProperties?.Remove(PromptKeys.Id);
        options.AdditionalProperties?.Remove(PromptKeys.Hash);
        return (id, hash);
    }

    public static string HashOf(string text) => text.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Write(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("role", message.Role.Value);
        if (message.AuthorName is { } author)
        {
            writer.WriteString("author", author);
        }

        writer.WriteStartArray("contents");
        foreach (var content in message.Contents)
        {
            Write(writer, content);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, AIContent content)
    {
        if (content is TextContent { Text: var text })
        {
            writer.WriteStringValue(text);
            return;
        }

        // Generated metadata of the abstractions; a kind of content that it does not know is identified by its type and text.
        try
        {
            JsonSerializer.SerializeToElement(content, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent))).WriteTo(writer);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            writer.WriteStringValue($"{content.GetType().FullName}:{content}");
        }
    }

    private static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        WriteText(writer, "model_id", options.ModelId);
        WriteText(writer, "conversation", options.ConversationId);
        WriteText(writer, "instructions", options.Instructions);
        WriteNumber(writer, "temperature", options.Temperature);
        WriteNumber(writer, "top_p", options.TopP);
        WriteNumber(writer, "top_k", options.TopK);
        WriteNumber(writer, "frequency_penalty", options.FrequencyPenalty);
        WriteNumber(writer, "presence_penalty", options.PresencePenalty);
        WriteNumber(writer, "seed", options.Seed);
        WriteNumber(writer, "max_output_tokens", options.MaxOutputTokens);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            WriteText(writer, "stop", string.Join('\u0001', stops));
        }

        switch (options.ResponseFormat)
        {
            case ChatResponseFormatJson json:
                WriteText(writer, "format", json.SchemaName ?? "json");
                if (json.Schema is { } schema)
                {
                    writer.WritePropertyName("schema");
                    schema.WriteTo(writer);
                }

                break;
            case { } other:
                WriteText(writer, "format", other.GetType().Name);
                break;
        }

        WriteText(writer, "tool_mode", options.ToolMode switch { null => null, RequiredChatToolMode { RequiredFunctionName: { } name } => name, var mode => mode.GetType().Name });
        foreach (var tool in options.Tools ?? [])
        {
            writer.WriteStartObject("tool:" + tool.Name);
            writer.WriteString("description", tool.Description);
            if (tool is AIFunctionDeclaration function)
            {
                writer.WritePropertyName("schema");
                function.JsonSchema.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
