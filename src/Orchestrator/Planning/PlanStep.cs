using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>One step of a plan. It becomes a call the moment the steps it depends on are done.</summary>
/// <param name="Id">The step's name, unique within its plan. A step that keeps id and content over a replan keeps its result.</param>
/// <param name="Kind">What sort of work it is (<c>edit</c>, <c>test</c>, <c>review</c>), for people and reports.</param>
/// <param name="Description">What is to be done, in plain words.</param>
public sealed record PlanStep(string Id, string Kind, string Description)
{
    /// <summary>The capability that carries it out; empty to use <see cref="Kind"/>.</summary>
    public string Capability { get; init => field = value ?? ""; } = "";

    /// <summary>Ids of the steps whose results it needs.</summary>
    public IReadOnlyList<string> DependsOn { get; init => field = value ?? []; } = [];

    /// <summary>Paths it will read.</summary>
    public IReadOnlyList<string> Reads { get; init => field = value ?? []; } = [];

    /// <summary>Paths it will write.</summary>
    public IReadOnlyList<string> Writes { get; init => field = value ?? []; } = [];

    /// <summary>What it is thought to cost.</summary>
    public decimal? CostGuess { get; init; }

    /// <summary>The worker's input; where there is none, the description and the paths are the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Payload Input { get; init; }
}
