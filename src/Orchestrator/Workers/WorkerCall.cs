using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Asks for one piece of work by one capability: what a decision, a plan step or a policy wants carried out.</summary>
/// <param name="Capability">The capability, such as <c>code_edit</c>; the wire calls it <c>worker_id</c>.</param>
/// <param name="Input">What the worker is to do: intent only (goal, paths). Files are bound by the engine from the base tree.</param>
public sealed record WorkerCall(string Capability, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Payload Input)
{
    /// <summary>The version of the capability's contract; zero for the newest that is registered.</summary>
    public int Version { get; init; }

    /// <summary>Calls that must have succeeded before this one may start.</summary>
    public IReadOnlyList<CallId> DependsOn { get; init => field = value ?? []; } = [];

    /// <summary>The plan step that this call carries out, if any.</summary>
    public string? Step { get; init; }

    /// <summary>The policy that required this call, if any.</summary>
    public string? RequiredBy { get; init; }

    /// <summary>The call that waits for this one because a policy required it, if any.</summary>
    public CallId? RequiredFor { get; init; }

    /// <summary>Hash of the very thing that an approval is about, so that it cannot pass for an approval of something else.</summary>
    public string? BoundTo { get; init; }

    /// <summary>A call whose input is given as JSON.</summary>
    public static WorkerCall To(string capability, JsonElement input) => new(capability, Payload.Of(input));

    /// <summary>A call whose input is an object, written in snake_case.</summary>
    [RequiresUnreferencedCode("Serialises the input by reflection; where code is trimmed, pass a JsonElement.")]
    [RequiresDynamicCode("Serialises the input by reflection; where code is compiled ahead of time, pass a JsonElement.")]
    public static WorkerCall To(string capability, object input) => To(capability, JsonSerializer.SerializeToElement(input, input.GetType(), WireJson.Reflective));
}
