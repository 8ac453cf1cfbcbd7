using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

internal sealed class RepoPathJsonConverter : JsonConverter<RepoPath>
{
    public override RepoPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return RepoPath.TryParse(text, null, out var path)
            ? path
            : throw new JsonException($"'{text}' is not a path inside the repository (relative, '/', no '..').");
    }

    public override void Write(Utf8JsonWriter writer, RepoPath value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
