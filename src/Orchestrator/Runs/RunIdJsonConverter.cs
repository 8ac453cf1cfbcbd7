using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

internal sealed class RunIdJsonConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RunId.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("A run id is 32 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options)
    {
        Span<char> digits = stackalloc char[32];
        value.Value.TryFormat(digits, out _, "n");
        writer.WriteStringValue(digits);
    }
}
