using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Contracts;

/// <summary>Every ready-made contract, found by looking: one that is added without samples makes a test fail.</summary>
internal static class ContractCatalogue
{
    public static IReadOnlyList<Entry> All { get; } =
    [
        .. typeof(CodeEdit).Assembly.GetExportedTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true, Namespace: "Orchestrator.Contracts" } && type != typeof(Person) && type != typeof(Verify))
            .Select(type => type.GetProperty("Contract")?.GetValue(null))
            .OfType<object>()
            .Select(contract => new Entry(
                Get<string>(contract, "Capability"),
                Get<int>(contract, "Version"),
                Get<JsonTypeInfo>(contract, "InputType"),
                Get<JsonTypeInfo>(contract, "OutputType"),
                Get<JsonElement>(contract, "InputSchema"),
                Get<JsonElement>(contract, "OutputSchema")))
            .OrderBy(entry => entry.Capability, StringComparer.Ordinal),
    ];

    public static string Resource(string name)
    {
        using var stream = typeof(ContractCatalogue).Assembly.GetManifestResourceStream(name);
        Assert.True(stream is not null, $"There is no checked-in file '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static T Get<T>(object contract, string property) => (T)contract.GetType().GetProperty(property, BindingFlags.Public | BindingFlags.Instance)!.GetValue(contract)!;

    internal sealed record Entry(string Capability, int Version, JsonTypeInfo InputType, JsonTypeInfo OutputType, JsonElement InputSchema, JsonElement OutputSchema);
}
