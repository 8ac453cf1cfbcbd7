using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Tests;

/// <summary>
/// Generated metadata sets every init property, so the default of one that is missing in the JSON is lost. A list therefore puts its default back in its setter:
/// <c>{ get; init => field = value ?? []; } = [];</c>.
/// </summary>
public sealed class MissingListsTests
{
    public static TheoryData<string> Types => [.. Reachable().Select(type => type.Type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_list_that_is_missing_in_the_JSON_is_empty(string name)
    {
        var type = Reachable().First(each => each.Type.FullName == name);
        object? read;
        try
        {
            read = JsonSerializer.Deserialize("{}", type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // It says itself that something is missing.
            return;
        }

        Nullness.AssertNoNullCollections(read!);
    }

    private static IEnumerable<JsonTypeInfo> Reachable()
    {
        var seen = new Dictionary<Type, JsonTypeInfo>();
        foreach (var context in SourceTree.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(JsonSerializerContext))))
        {
            var resolver = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

            // What models return is read strictly: there a list that must be there and is not is a violation, and not empty.
            var options = context.Namespace == "Orchestrator.Contracts" ? WireJson.Strict(resolver) : WireJson.Tolerant(resolver);
            foreach (var root in context.GetCustomAttributesData().Where(data => data.AttributeType == typeof(JsonSerializableAttribute)))
            {
                Visit((Type)root.ConstructorArguments[0].Value!, options, seen);
            }
        }

        return seen.Values.Where(type => type.Kind == JsonTypeInfoKind.Object && SourceTree.Assemblies.Contains(type.Type.Assembly));
    }

    private static void Visit(Type type, JsonSerializerOptions options, Dictionary<Type, JsonTypeInfo> seen)
    {
        if (seen.ContainsKey(type) || !options.TryGetTypeInfo(type, out var info))
        {
            return;
        }

        seen.Add(type, info);
        var next = info.Kind == JsonTypeInfoKind.Object ? info.Properties.Select(property => property.PropertyType) : type.IsGenericType ? type.GetGenericArguments() : [];
        foreach (var each in next)
        {
            Visit(each, options, seen);
        }
    }
}
