using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Cli;

/// <summary>How the command line writes JSON: snake_case, one document a line, no nulls.</summary>
internal static class CliJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static async Task WriteAsync<T>(TextWriter writer, T value)
    {
        await writer.WriteAsync(JsonSerializer.Serialize(value, Options) + "\n").ConfigureAwait(false);
        await writer.FlushAsync().ConfigureAwait(false);
    }
}
