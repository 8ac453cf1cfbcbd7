using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>One kind of event as journals keep it.</summary>
/// <param name="Name">The name without its version, such as <c>call.ended</c>.</param>
/// <param name="Version">The version that is written.</param>
/// <param name="Json">Metadata of the record that the version holds.</param>
internal sealed record RunEventKind(string Name, int Version, JsonTypeInfo Json)
{
    /// <summary>Name and version, as written into journals.</summary>
    public string Text { get; } = $"{Name}/{Version}";

    /// <summary>
    /// The steps from older versions to this one: the first makes version 2 out of version 1, and so on. They work on JSON, so that records only ever have the
    /// newest shape.
    /// </summary>
    public IReadOnlyList<Func<JsonObject, JsonObject>> UpCasters { get; init; } = [];
}
