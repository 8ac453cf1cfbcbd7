using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>A patch as a worker writes it: a unified diff or any other form that <c>Orchestrator.Patching</c> reads. A JSON string on the wire.</summary>
/// <param name="Text">The text of the patch.</param>
[JsonConverter(typeof(PatchTextJsonConverter))]
public sealed record PatchText(string Text)
{
    /// <summary>Whether it changes nothing.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

internal sealed class PatchTextJsonConverter : JsonConverter<PatchText>
{
    public override PatchText? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new PatchText(reader.GetString()!) : throw new JsonException("A patch is a JSON string.");

    public override void Write(Utf8JsonWriter writer, PatchText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
