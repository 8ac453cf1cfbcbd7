using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Finds out whether a corrected reply keeps the contract only because it left out what the first one had.</summary>
internal static class RepairCheck
{
    /// <summary>What the first reply had and the second has not, in words; empty where nothing was lost.</summary>
    public static IReadOnlyList<string> Lost(string firstText, JsonElement first, IReadOnlyList<Violation> violations, JsonElement second, JsonTypeInfo type)
    {
        var sections = ReplyParser.Parse(firstText).Sections;
        var lost = new List<string>();
        foreach (var member in ContractMember.Of(type).Where(IsSubstance))
        {
            var had = Size(first, member.Name);
            if (had == 0 && member.PropertyType == typeof(PatchText) && sections.FirstOrDefault(section => section.Name == member.Name) is { } section)
            {
                had = section.Text.Trim().Length;
            }

            // Files may be given as a patch instead, and the other way round, so they count together.
            if (had > 0 && Size(second, member.Name) == 0 && !IsAboutValue(violations, member.Name) && !ContractMember.Of(type).Any(other => IsCode(other, type) && IsCode(member, type) && Size(second, other.Name) > 0))
            {
                lost.Add($"second try: left out '{member.Name}', which the first reply had; the first reply is kept");
            }
        }

        return lost;
    }

    private static bool IsSubstance(JsonPropertyInfo member) => member.Name is not ("notes" or "warnings" or "status")
        && (member.PropertyType == typeof(PatchText) || member.Options.GetTypeInfo(member.PropertyType).Kind == JsonTypeInfoKind.Enumerable);

    private static bool IsCode(JsonPropertyInfo member, JsonTypeInfo type) =>
        member.PropertyType == typeof(PatchText) || type.Options.GetTypeInfo(member.PropertyType).ElementType == typeof(CodeFile);

    /// <summary>Whether the member itself was of a kind that could not stay; what is wrong inside of a list leaves the list.</summary>
    private static bool IsAboutValue(IReadOnlyList<Violation> violations, string member) => violations.Any(violation => violation.Path == $"$.{member}");

    private static int Size(JsonElement json, string member) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetRawText().Length - 2,
            JsonValueKind.Array => value.GetArrayLength(),
            _ => 0,
        }
        : 0;
}
