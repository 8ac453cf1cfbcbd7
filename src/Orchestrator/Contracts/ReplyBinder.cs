using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>Puts the sections of a reply where its envelope, or the contract, wants them.</summary>
/// <remarks>
/// In this order: a string <c>@section:NAME</c> anywhere in the envelope is replaced by that section; a section that carries the name of a text member which has no
/// value fills it; a section that carries the path of a <c>{path, code}</c> whose code has no value fills that; a single unnamed diff fills a single empty patch.
/// </remarks>
internal static class ReplyBinder
{
    public static JsonElement Bind(ParsedReply reply, JsonTypeInfo type, List<Violation> violations, List<string> warnings)
    {
        if (reply.Sections.Count == 0 && reply.Loose.Count == 0 && !reply.Envelope.GetRawText().Contains(FencedSection.Reference, StringComparison.Ordinal))
        {
            return reply.Envelope;
        }

        JsonObject envelope;
        try
        {
            envelope = JsonObject.Create(reply.Envelope)!;
            var sections = new Dictionary<string, FencedSection>(StringComparer.Ordinal);
            foreach (var section in reply.Sections)
            {
                sections.TryAdd(section.Name, section);
            }

            var used = new HashSet<string>(StringComparer.Ordinal);
            Replace(envelope, "$", sections, used, violations);
            foreach (var section in sections.Values.Where(section => !used.Contains(section.Name)))
            {
                if (!FillMember(envelope, type, section) && !FillFile(envelope, section))
                {
                    warnings.Add($"the section '{section.Name}' at line {section.Line} belongs to no member and was set aside");
                }
            }

            BindLoose(envelope, type, reply.Loose, warnings);
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            violations.Add(new Violation("$", "holds text or member names that cannot be read: " + e.Message));
            return reply.Envelope;
        }

        return ToElement(envelope);
    }

    /// <summary>Members of the record that hold text, by their wire names.</summary>
    public static IEnumerable<JsonPropertyInfo> TextMembers(JsonTypeInfo type) =>
        ContractMember.Of(type).Where(member => member.PropertyType == typeof(PatchText) || member.PropertyType == typeof(string));

    private static void Replace(JsonNode? node, string path, Dictionary<string, FencedSection> sections, HashSet<string> used, List<Violation> violations)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (Resolve(value, $"{path}.{name}", sections, used, violations) is { } text)
                    {
                        members[name] = text;
                    }
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (Resolve(items[index], $"{path}[{index}]", sections, used, violations) is { } text)
                    {
                        items[index] = text;
                    }
                }

                break;
        }
    }

    private static JsonValue? Resolve(JsonNode? value, string path, Dictionary<string, FencedSection> sections, HashSet<string> used, List<Violation> violations)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
        {
            Replace(value, path, sections, used, violations);
            return null;
        }

        var text = value.GetValue<string>();
        if (!text.StartsWith(FencedSection.Reference, StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        var name = text[FencedSection.Reference.Length..].Trim();
        if (!sections.TryGetValue(name, out var section))
        {
            violations.Add(new Violation(path, $"refers to the section '{name}', which is not in the reply; write the section, or the text itself as a JSON string"));
            return null;
        }

        used.Add(name);
        return JsonValue.Create(section.Text);
    }

    private static bool FillMember(JsonObject envelope, JsonTypeInfo type, FencedSection section)
    {
        if (!TextMembers(type).Any(member => member.Name == section.Name) || !IsEmpty(envelope[section.Name]))
        {
            return false;
        }

        envelope[section.Name] = section.Text;
        return true;
    }

    private static bool FillFile(JsonObject envelope, FencedSection section)
    {
        foreach (var (name, value) in envelope)
        {
            for (var index = 0; value is JsonArray list && index < list.Count; index++)
            {
                if (list[index] is JsonObject file && IsEmpty(file["code"]) && (Is(file["path"], section.Name) || section.Name == $"{name}[{index}].code"))
                {
                    file["code"] = section.Text;
                    return true;
                }
            }
        }

        return false;
    }

    private static void BindLoose(JsonObject envelope, JsonTypeInfo type, IReadOnlyList<FencedSection> loose, List<string> warnings)
    {
        var diffs = loose.Where(section => section.Language is "diff" or "patch" or "udiff").ToList();
        var free = ContractMember.Of(type).Where(member => member.PropertyType == typeof(PatchText) && IsEmpty(envelope[member.Name])).ToList();
        foreach (var section in loose)
        {
            if (diffs.Count == 1 && free.Count == 1 && ReferenceEquals(section, diffs[0]))
            {
                envelope[free[0].Name] = section.Text;
                warnings.Add($"the diff at line {section.Line} has no name and was taken for '{free[0].Name}'");
            }
            else
            {
                warnings.Add($"the block at line {section.Line} has no name and was set aside");
            }
        }
    }

    private static bool IsEmpty(JsonNode? value) =>
        value is null || (value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetValue<string>()));

    private static bool Is(JsonNode? value, string text) => value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == text;

    private static JsonElement ToElement(JsonObject node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 200 }))
        {
            node.WriteTo(writer);
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = 200 });
        return document.RootElement.Clone();
    }
}
