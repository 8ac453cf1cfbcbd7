using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>One kind of event as journals keep it.</summary>
/// <param name="Name">The name without its version, such as <c>call.ended</c>.</param>
/// <param name="Version">The version that is written.</param>
/// <param name="Type">The record that the version holds.</param>
/// <param name="Metadata">Makes that record's JSON metadata.</param>
internal sealed record RunEventKind(string Name, int Version, Type Type, Func<JsonTypeInfo> Metadata)
{
    // Made when the kind is first met: all of them at once would be a large part of what a short-lived process spends before its first event.
    private readonly Lazy<JsonTypeInfo> _json = new(Metadata);

    /// <summary>Metadata of the record.</summary>
    public JsonTypeInfo Json => _json.Value;

    /// <summary>Name and version, as written into journals.</summary>
    public string Text { get; } = $"{Name}/{Version}";

    /// <summary>
    /// The steps from older versions to this one: the first makes version 2 out of version 1, and so on. They work on JSON, so that records only ever have the
    /// newest shape.
    /// </summary>
    public IReadOnlyList<Func<JsonObject, JsonObject>> UpCasters { get; init; } = [];
}
