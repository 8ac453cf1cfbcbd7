using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Reads one reply, streamed or in one piece. Text is handed on as it comes; tool calls, refusals and the end when they are whole.</summary>
/// <remarks>Lenient about what servers leave out or add, strict about the two things that would go unnoticed: text in another encoding, and an end that is none.</remarks>
internal sealed class ReplyStream
{
    private readonly SortedDictionary<int, Call> _calls = [];
    private readonly StringBuilder _refusal = new();
    private string? _id;
    private string? _model;
    private ChatFinishReason? _end;

    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Stream body, string? contentType, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = new ReplyStream();
        if (contentType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new OpenAIRequestException(0, "the server sent a web page; is this the address of a chat API? It usually ends in /v1.");
        }

        var decoded = Decode(body, contentType);
        await using var _ = decoded.ConfigureAwait(false);
        if (contentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true && !contentType.Contains("event-stream", StringComparison.OrdinalIgnoreCase))
        {
            // A server that does not stream.
            using var whole = new MemoryStream();
            await decoded.CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
            foreach (var update in reply.Read(Validate("", whole.GetBuffer().AsSpan(0, (int)whole.Length))))
            {
                yield return update;
            }
        }
        else
        {
            await foreach (var item in SseParser.Create(decoded, Validate).EnumerateAsync(cancellationToken).ConfigureAwait(false))
            {
                if (item.Data == "[DONE]")
                {
                    reply._end ??= ChatFinishReason.Stop;
                    break;
                }

                foreach (var update in reply.Read(item.Data))
                {
                    yield return update;
                }
            }
        }

        foreach (var update in reply.End())
        {
            yield return update;
        }
    }

    private static Stream Decode(Stream body, string? contentType)
    {
        var charset = System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.CharSet?.Trim('"') : null;
        if (string.IsNullOrEmpty(charset) || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        try
        {
            return Encoding.CreateTranscodingStream(body, Encoding.GetEncoding(charset), Encoding.UTF8);
        }
        catch (ArgumentException)
        {
            throw new OpenAIRequestException(0, $"the reply is in the encoding '{charset}', which is not known here; have the server reply in UTF-8");
        }
    }

    private static string Validate(string _, ReadOnlySpan<byte> data) => Utf8.IsValid(data)
        ? Encoding.UTF8.GetString(data)
        : throw new OpenAIRequestException(0, "the reply is not in UTF-8; code in it would be damaged, so it was not read");

    private IEnumerable<ChatResponseUpdate> Read(string data)
    {
        if (string.IsNullOrWhiteSpace(data))
        {
            yield break;
        }

        using var document = Parse(data);
        var json = document.RootElement;
        if (Find(json, "error") is { } error)
        {
            throw new OpenAIRequestException(StatusOf(error), $"the server broke the reply off: {ErrorText.Of(error)}");
        }

        _id ??= Text(json, "id");
        _model ??= Text(json, "model");
        if (Find(json, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0)
        {
            var choice = choices[0];
            if ((Find(choice, "delta") ?? Find(choice, "message")) is { } message)
            {
                foreach (var content in ReadMessage(message))
                {
                    yield return Update(content);
                }
            }

            _end = EndOf(Text(choice, "finish_reason")) ?? _end;
        }

        if (Find(json, "usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            yield return Update(new UsageContent(UsageOf(usage)));
        }
    }

    private IEnumerable<AIContent> ReadMessage(JsonElement message)
    {
        if ((Text(message, "reasoning_content") ?? Text(message, "reasoning")) is { Length: > 0 } thought)
        {
            yield return new TextReasoningContent(thought);
        }

        if (Text(message, "content") is { Length: > 0 } text)
        {
            yield return new TextContent(text);
        }

        _refusal.Append(Text(message, "refusal"));
        if (Find(message, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            var position = 0;
            foreach (var call in calls.EnumerateArray())
            {
                Take(call, position++);
            }
        }
    }

    private void Take(JsonElement piece, int position)
    {
        // Some servers number no calls and send each in one piece.
        var index = Find(piece, "index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given
            : Text(piece, "id") is { Length: > 0 } id && _calls.Values.All(known => known.Id != id) ? _calls.Count
            : position;
        if (!_calls.TryGetValue(index, out var call))
        {
            _calls[index] = call = new Call();
        }

        call.Id = Text(piece, "id") is { Length: > 0 } named ? named : call.Id;
        if (Find(piece, "function") is { } function)
        {
            call.Name += Text(function, "name");
            call.Arguments.Append(Find(function, "arguments") is { ValueKind: JsonValueKind.Object } whole ? whole.GetRawText() : Text(function, "arguments"));
        }
    }

    private IEnumerable<ChatResponseUpdate> End()
    {
        if (_end is null)
        {
            throw new IOException("the reply ended before its end: the server or something on the way has broken it off");
        }

        foreach (var (index, call) in _calls)
        {
            yield return Update(new FunctionCallContent(call.Id.Length > 0 ? call.Id : $"call_{index}", call.Name, ArgumentsOf(call.Arguments.ToString())));
        }

        if (_refusal.Length > 0)
        {
            yield return Update(new ErrorContent(_refusal.ToString()) { ErrorCode = "Refusal" });
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, (string?)null) { ResponseId = _id, ModelId = _model, FinishReason = _calls.Count > 0 && _end == ChatFinishReason.Stop ? ChatFinishReason.ToolCalls : _end };
    }

    private ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = _id, MessageId = _id, ModelId = _model };

    private static JsonDocument Parse(string data)
    {
        try
        {
            return JsonDocument.Parse(data);
        }
        catch (JsonException e)
        {
            throw new JsonException($"the server sent a piece of the reply that is no JSON ({e.Message}); is this the address of a chat API?");
        }
    }

    /// <summary>Arguments that are no JSON object are handed on as text; whoever serves the tool says what is wrong with them.</summary>
    private static Dictionary<string, object?> ArgumentsOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.EnumerateObject().GroupBy(member => member.Name).ToDictionary(group => group.Key, group => (object?)group.Last().Value.Clone());
            }
        }
        catch (JsonException)
        {
            // Below.
        }

        return new Dictionary<string, object?> { ["not_json"] = text };
    }

    private static ChatFinishReason? EndOf(string? word) => word switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        var other => new ChatFinishReason(other),
    };

    private static UsageDetails UsageOf(JsonElement usage) => new()
    {
        InputTokenCount = Number(usage, "prompt_tokens"),
        OutputTokenCount = Number(usage, "completion_tokens"),
        TotalTokenCount = Number(usage, "total_tokens"),
    };

    private static int StatusOf(JsonElement error) => Number(error, "code") is >= 400 and <= 599 and var status ? (int)status : 502;

    private static long? Number(JsonElement json, string name) =>
        Find(json, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    private static string? Text(JsonElement json, string name) => Find(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private sealed class Call
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
