using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator;

/// <summary>Looks into payloads that may hold anything.</summary>
internal static class JsonShape
{
    public static bool IsMissing(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        _ => node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length == 0,
    };

    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>The strings of a list; nothing where it is none.</summary>
    public static List<string> Texts(JsonNode? node) => node is JsonArray list ? [.. list.Select(Text).OfType<string>()] : [];
}
