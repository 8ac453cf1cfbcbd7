using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

internal sealed class CallIdJsonConverter : JsonConverter<CallId>
{
    public override CallId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CallId.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("A call id looks like 'c12'.");

    public override void Write(Utf8JsonWriter writer, CallId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
