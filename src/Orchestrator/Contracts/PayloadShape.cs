using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>What of a typed input goes into a call's payload.</summary>
internal static class PayloadShape
{
    /// <summary>Leaves the path of every <see cref="SourceFile"/>, whose text is bound afresh when the call starts, and leaves out empty text and empty lists.</summary>
    public static JsonElement Unbind(JsonElement input, JsonTypeInfo type)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            return input;
        }

        var shaped = new JsonObject();
        foreach (var member in input.EnumerateObject())
        {
            var property = Find(type, member.Name);
            var mayBeLeftOut = property is not null && !ContractMember.IsRequired(property) && !ContractMember.IsNullable(property);
            if (mayBeLeftOut && IsEmpty(member.Value))
            {
                continue;
            }

            shaped[member.Name] = property is null ? Node(member.Value) : Shape(member.Value, property);
        }

        return ToElement(shaped);
    }

    private static JsonNode? Shape(JsonElement value, JsonPropertyInfo property)
    {
        if (property.PropertyType == typeof(SourceFile) && value.ValueKind == JsonValueKind.Object)
        {
            return PathOf(value);
        }

        if (value.ValueKind == JsonValueKind.Array && property.Options.GetTypeInfo(property.PropertyType).ElementType == typeof(SourceFile))
        {
            return new JsonArray([.. value.EnumerateArray().Select(PathOf)]);
        }

        return Node(value);
    }

    private static JsonNode? PathOf(JsonElement file) =>
        file.TryGetProperty("span", out var span) && span.ValueKind == JsonValueKind.Object
            ? new JsonObject { ["path"] = Node(file.GetProperty("path")), ["span"] = Node(span) }
            : Node(file.GetProperty("path"));

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name) => type.Properties.FirstOrDefault(property => property.Name == name);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => IsEmpty(member.Value)),
        _ => false,
    };

    private static JsonNode? Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };

    private static JsonElement ToElement(JsonObject shaped)
    {
        using var document = JsonDocument.Parse(shaped.ToJsonString());
        return document.RootElement.Clone();
    }
}
