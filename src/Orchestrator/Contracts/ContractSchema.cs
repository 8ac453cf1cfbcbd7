using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>Makes JSON schemas out of records, in the subset that model providers accept for strict structured output.</summary>
internal static class ContractSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public static JsonElement Of(JsonTypeInfo type)
    {
        using var document = JsonDocument.Parse(type.GetJsonSchemaAsNode(Options).ToJsonString());
        return document.RootElement.Clone();
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var node = IsText(context.TypeInfo.Type) ? new JsonObject { ["type"] = "string" } : IsFree(context.TypeInfo.Type) ? new JsonObject { ["type"] = "object" } : schema as JsonObject ?? [];
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && !IsText(context.TypeInfo.Type))
        {
            Close(node, context.TypeInfo);
        }

        if (node.ContainsKey("enum") && !node.ContainsKey("type"))
        {
            node.Insert(0, "type", "string");
        }

        node.Remove("default");
        node.Remove("pattern");
        if (context.PropertyInfo is { } property)
        {
            Finish(node, property);
        }

        return node;
    }

    /// <summary>Whether it may hold whatever another contract says; an object in every contract there is.</summary>
    private static bool IsFree(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(JsonElement);

    private static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var text => text == typeof(RepoPath) || text == typeof(PatchText) || text == typeof(SourceFile),
    };

    private static void Close(JsonObject node, JsonTypeInfo type)
    {
        node["type"] = "object";
        node.Remove("required");
        if (node["properties"] is not JsonObject properties)
        {
            node["properties"] = properties = [];
        }

        // The exporter passes members over that have both a converter of their own and a default value.
        foreach (var member in ContractMember.Of(type).Where(member => IsText(member.PropertyType)))
        {
            if (properties[member.Name] is not JsonObject known || !known.ContainsKey("type"))
            {
                var text = new JsonObject { ["type"] = "string" };
                Finish(text, member);
                properties[member.Name] = text;
            }
        }

        node["required"] = new JsonArray([.. properties.Select(property => (JsonNode?)property.Key)]);
        node["additionalProperties"] = false;
    }

    private static void Finish(JsonObject node, JsonPropertyInfo property)
    {
        if (!ContractMember.IsRequired(property) || ContractMember.IsNullable(property))
        {
            AllowNull(node);
        }

        if (Describe(property) is { } description)
        {
            node.Remove("description");
            node.Insert(0, "description", description);
        }
    }

    private static void AllowNull(JsonObject node)
    {
        if (node["type"] is JsonValue single && single.GetValueKind() == JsonValueKind.String)
        {
            node["type"] = new JsonArray((string?)single, "null");
        }

        if (node["enum"] is JsonArray values && values.All(value => value is not null))
        {
            values.Add(null);
        }
    }

    private static string? Describe(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute { Description: { Length: > 0 } text }]
            ? text
            : null;
}
