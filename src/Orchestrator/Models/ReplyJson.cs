using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>A model's reply as it stands in a receipt. What a caller gets is read back from this very JSON, so that a replayed reply cannot differ from the first.</summary>
internal static class ReplyJson
{
    private static JsonTypeInfo<ChatResponse> Type => (JsonTypeInfo<ChatResponse>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponse));

    public static JsonElement Write(ChatResponse response)
    {
        // What a provider adds for itself may be anything; it is of no use to whoever reads the reply and may not be serialisable.
        var kept = new ChatResponse([.. response.Messages.Select(message => new ChatMessage(message.Role, [.. message.Contents.Where(IsKept).Select(Bare)]) { MessageId = message.MessageId })])
        {
            ResponseId = response.ResponseId,
            ModelId = response.ModelId,
            FinishReason = response.FinishReason,
            CreatedAt = response.CreatedAt,
            ConversationId = response.ConversationId,
            Usage = response.Usage is { } usage
                ? new UsageDetails { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount, TotalTokenCount = usage.TotalTokenCount }
                : null,
        };
        return JsonSerializer.SerializeToElement(kept, Type);
    }

    public static ChatResponse Read(JsonElement json) => json.Deserialize(Type) ?? new ChatResponse();

    /// <summary>The text of a reply that broke off, as the content of a failed receipt.</summary>
    public static Payload Broken(string text) => text.Length == 0 ? Payload.None : Payload.Of(text);

    private static bool IsKept(AIContent content) =>
        content is TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or DataContent or UriContent or ErrorContent;

    private static AIContent Bare(AIContent content)
    {
        content.AdditionalProperties = null;
        content.RawRepresentation = null;
        return content;
    }
}
