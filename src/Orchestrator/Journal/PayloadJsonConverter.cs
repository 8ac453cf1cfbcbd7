using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Writes <c>{"json":…}</c>, <c>{"sealed":"…"}</c> or <c>{"blob":"…","length":…}</c>, so that no content can be mistaken for a reference.</summary>
internal sealed class PayloadJsonConverter : JsonConverter<Payload>
{
    public override bool HandleNull => true;

    public override Payload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return Payload.None;
        }

        var element = JsonElement.ParseValue(ref reader);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A payload is an object with 'json', 'sealed' or 'blob'.");
        }

        if (element.TryGetProperty("json", out var inline))
        {
            return Payload.Of(inline);
        }

        if (element.TryGetProperty("sealed", out var content))
        {
            return Payload.Sealed(content);
        }

        return element.TryGetProperty("blob", out var hash) && hash.ValueKind == JsonValueKind.String
            ? Payload.AsBlob(
                hash.GetString()!,
                element.TryGetProperty("length", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out var bytes) ? bytes : 0,
                element.TryGetProperty("protected", out var isProtected) && isProtected.ValueKind == JsonValueKind.True)
            : throw new JsonException("A payload has 'json', 'sealed' or 'blob'.");
    }

    public override void Write(Utf8JsonWriter writer, Payload value, JsonSerializerOptions options)
    {
        if (value.IsNone)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        if (value.Blob is { } hash)
        {
            writer.WriteString("blob", hash);
            writer.WriteNumber("length", value.Length);
            if (value.IsProtected)
            {
                writer.WriteBoolean("protected", true);
            }
        }
        else
        {
            writer.WritePropertyName(value.IsProtected ? "sealed" : "json");
            value.Inline.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
