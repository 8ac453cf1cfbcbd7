using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>Walks JSON and contract side by side, collects what does not fit, and writes what does.</summary>
internal sealed class ContractWalk
{
    private int _elements;

    public List<Violation> Violations { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Visit(JsonElement json, JsonTypeInfo type, string path, int depth, Utf8JsonWriter writer)
    {
        if (Nullable.GetUnderlyingType(type.Type) is { } inner)
        {
            type = type.Options.GetTypeInfo(inner);
        }

        if (depth > ContractReader.MaxDepth)
        {
            Add(path, $"is nested more than {ContractReader.MaxDepth} deep");
        }
        else if (++_elements > ContractReader.MaxElements)
        {
            if (_elements == ContractReader.MaxElements + 1)
            {
                Add("$", $"has more than {ContractReader.MaxElements} elements");
            }
        }
        else if (type.Type == typeof(JsonElement) || type.PolymorphismOptions is not null)
        {
            json.WriteTo(writer);
        }
        else
        {
            switch (type.Kind)
            {
                case JsonTypeInfoKind.Object:
                    VisitObject(json, type, path, depth, writer);
                    break;
                case JsonTypeInfoKind.Enumerable when type.ElementType is not null:
                    VisitList(json, type.Options.GetTypeInfo(type.ElementType), path, depth, writer);
                    break;
                case JsonTypeInfoKind.Dictionary when type.ElementType is not null:
                    VisitDictionary(json, type.Options.GetTypeInfo(type.ElementType), path, depth, writer);
                    break;
                default:
                    VisitLeaf(json, type, path, writer);
                    break;
            }
        }
    }

    private void VisitObject(JsonElement json, JsonTypeInfo type, string path, int depth, Utf8JsonWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Add(path, $"takes an object, not {Name(json)}");
            return;
        }

        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!given.TryAdd(member.Name, member.Value))
            {
                given[member.Name] = member.Value;
                Warn($"{path}.{Short(member.Name)} is given twice; the last one counts");
            }
        }

        writer.WriteStartObject();
        foreach (var property in ContractMember.Of(type))
        {
            var there = given.Remove(property.Name, out var value);
            if (there && (value.ValueKind != JsonValueKind.Null || (ContractMember.IsNullable(property) && ContractMember.IsRequired(property))))
            {
                writer.WritePropertyName(property.Name);
                if (value.ValueKind == JsonValueKind.Null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    Visit(value, property.Options.GetTypeInfo(property.PropertyType), $"{path}.{property.Name}", depth + 1, writer);
                }
            }
            else if (ContractMember.IsRequired(property))
            {
                Add($"{path}.{property.Name}", there ? "is null, but must have a value" : "is missing");
            }
        }

        writer.WriteEndObject();
        foreach (var unknown in given.Keys.Take(20))
        {
            Warn($"{path}.{Short(unknown)} is not part of the contract and was dropped");
        }
    }

    private void VisitList(JsonElement json, JsonTypeInfo element, string path, int depth, Utf8JsonWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            Add(path, $"takes a list, not {Name(json)}");
            return;
        }

        writer.WriteStartArray();
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            VisitItem(item, element, $"{path}[{index++}]", depth, writer);
            if (_elements > ContractReader.MaxElements)
            {
                break;
            }
        }

        writer.WriteEndArray();
    }

    private void VisitDictionary(JsonElement json, JsonTypeInfo element, string path, int depth, Utf8JsonWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Add(path, $"takes an object, not {Name(json)}");
            return;
        }

        writer.WriteStartObject();
        foreach (var member in json.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            VisitItem(member.Value, element, $"{path}.{Short(member.Name)}", depth, writer);
        }

        writer.WriteEndObject();
    }

    private void VisitItem(JsonElement item, JsonTypeInfo element, string path, int depth, Utf8JsonWriter writer)
    {
        if (item.ValueKind == JsonValueKind.Null && Nullable.GetUnderlyingType(element.Type) is null && element.Type != typeof(object))
        {
            Add(path, "is null");
            return;
        }

        Visit(item, element, path, depth + 1, writer);
    }

    private void VisitLeaf(JsonElement json, JsonTypeInfo type, string path, Utf8JsonWriter writer)
    {
        var leaf = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (leaf.IsEnum && Words(type) is { Count: > 0 } words)
        {
            // The platform's converter also takes numbers, lists and any case.
            var said = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            if (words.FirstOrDefault(word => string.Equals(word, said, StringComparison.OrdinalIgnoreCase)) is { } word)
            {
                writer.WriteStringValue(word);
            }
            else
            {
                Add(path, $"is {Show(json)}; use one of {string.Join(", ", words)}");
            }

            return;
        }

        if (leaf == typeof(string) && json.ValueKind != JsonValueKind.String)
        {
            Add(path, $"takes a string, not {Name(json)}");
            return;
        }

        try
        {
            json.Deserialize(type);
            json.WriteTo(writer);
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            // The platform's own messages name CLR types; those of this library's converters say what to do.
            var message = e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) || e is InvalidOperationException
                ? $"is {Show(json)}, which is not a {Kind(leaf)}"
                : Trim(e.Message);
            Add(path, message);
        }
    }

    private static List<string> Words(JsonTypeInfo type) => type.GetJsonSchemaAsNode() is JsonObject schema && schema["enum"] is JsonArray values
        ? [.. values.Where(value => value?.GetValueKind() == JsonValueKind.String).Select(value => value!.GetValue<string>())]
        : [];

    private static string Kind(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type == typeof(double) || type == typeof(decimal) || type == typeof(float) ? "number"
        : type.Name;

    private static string Name(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Show(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array => Name(json),
        _ => Short(json.GetRawText()),
    };

    private static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;

    /// <summary>Without the position that the platform appends: the path is known better here.</summary>
    private static string Trim(string message)
    {
        var end = message.IndexOf(" Path: $", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private void Add(string path, string message)
    {
        if (Violations.Count < ContractReader.MaxViolations)
        {
            Violations.Add(new Violation(path, message));
        }
        else if (Violations.Count == ContractReader.MaxViolations)
        {
            Violations.Add(new Violation("$", "has more violations, which are not listed"));
        }
    }

    private void Warn(string warning)
    {
        if (Warnings.Count < ContractReader.MaxViolations)
        {
            Warnings.Add(warning);
        }
    }
}
