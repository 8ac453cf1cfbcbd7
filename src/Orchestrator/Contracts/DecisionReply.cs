using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>decider/1</c>: a decision as a model writes it. Everything that is wrong with one is said at once, as with any contract.</summary>
/// <param name="Action">What happens next.</param>
internal sealed record DecisionReply([property: Description("What happens next.")] DecisionReply.Act Action) : IValidatableObject
{
    public const string Capability = "decider";

    public const int Version = 1;

    [Description("For call_worker with one call: the capability.")]
    public string? WorkerId { get; init; }

    [Description("For call_worker with one call: what it is to do, as the capability's schema says.")]
    public JsonElement? Payload { get; init; }

    [Description("For call_worker with several calls that start at once.")]
    public IReadOnlyList<DecidedCall> Calls { get; init => field = value ?? []; } = [];

    [Description("For call_worker: calls that must have succeeded before, such as c3.")]
    public IReadOnlyList<CallId> DependsOn { get; init => field = value ?? []; } = [];

    [Description("For continue: when to ask you again; completion where it is null.")]
    public Decision.WakeOn? Wake { get; init; }

    [Description("For replan: the whole new plan.")]
    public DecidedPlan? Plan { get; init; }

    [Description("For finish: what was achieved, for the person who asked.")]
    public string? Summary { get; init; }

    [Description("For finish: names of what is handed over beside the branch and the diff.")]
    public IReadOnlyList<string> Artifacts { get; init => field = value ?? []; } = [];

    [Description("For finish: how it ends by your own account; succeeded where it is null.")]
    public Ending? Status { get; init; }

    [Description("For finish: calls in flight that are given up.")]
    public IReadOnlyList<CallId> Abandons { get; init => field = value ?? []; } = [];

    /// <summary>The same as the engine takes it. Only of a reply that keeps the contract.</summary>
    public Decision ToDecision() => Action switch
    {
        Act.CallWorker => new Decision.CallWorker(Calls.Count > 0
            ? [.. Calls.Select(call => new WorkerCall(call.WorkerId, PayloadOf(call.Payload)) { DependsOn = call.DependsOn })]
            : [new WorkerCall(WorkerId!, PayloadOf(Payload)) { DependsOn = DependsOn }]),
        Act.Continue => new Decision.Continue(Wake ?? Decision.WakeOn.Completion),
        Act.Replan => new Decision.Replan(new Plan([.. Plan!.List.Select(step => step.ToStep())])),
        Act.Finish => new Decision.Finish(Summary!)
        {
            Artifacts = Artifacts,
            Abandons = Abandons,
            Status = Status switch { Ending.Partial => RunStatus.Partial, Ending.Failed => RunStatus.Failed, _ => RunStatus.Succeeded },
        },
        _ => throw new System.Diagnostics.UnreachableException(Action.ToString()),
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        switch (Action)
        {
            case Act.CallWorker when Calls.Count == 0 && string.IsNullOrWhiteSpace(WorkerId):
                yield return new ValidationResult("is missing; call_worker names one capability here, or several calls in 'calls'", ["worker_id"]);
                break;
            case Act.Replan when Plan is null:
                yield return new ValidationResult("is missing; replan gives the whole new plan", ["plan"]);
                break;
            case Act.Finish when string.IsNullOrWhiteSpace(Summary):
                yield return new ValidationResult("is missing; finish says what was achieved", ["summary"]);
                break;
        }

        if (!IsObject(Payload))
        {
            yield return new ValidationResult("takes an object", ["payload"]);
        }

        for (var index = 0; index < Calls.Count; index++)
        {
            if (!IsObject(Calls[index].Payload))
            {
                yield return new ValidationResult("takes an object", [$"calls[{index}].payload"]);
            }
        }

        for (var index = 0; index < Plan?.List.Count; index++)
        {
            if (!IsObject(Plan.List[index].Payload))
            {
                yield return new ValidationResult("takes an object", [$"plan.steps[{index}].payload"]);
            }
        }
    }

    private static bool IsObject(JsonElement? payload) => payload is not { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) };

    private static Payload PayloadOf(JsonElement? payload) => payload is { ValueKind: JsonValueKind.Object } json ? Orchestrator.Payload.Of(json) : Orchestrator.Payload.None;

    /// <summary>One of several calls.</summary>
    internal sealed record DecidedCall([property: Description("The capability.")] string WorkerId)
    {
        [Description("What it is to do, as the capability's schema says.")]
        public JsonElement? Payload { get; init; }

        [Description("Calls that must have succeeded before, such as c3.")]
        public IReadOnlyList<CallId> DependsOn { get; init => field = value ?? []; } = [];
    }

    /// <summary>A plan.</summary>
    internal sealed record DecidedPlan(
        [property: Description("The steps. Steps whose id and content are unchanged keep their results."), JsonPropertyName("steps")] IReadOnlyList<DecidedStep> List);

    /// <summary>A step of a plan.</summary>
    internal sealed record DecidedStep(
        [property: Description("Short and unique, such as 's1'.")] string Id,
        [property: Description("What sort of work it is: edit, test, review, docs or another word.")] string Kind,
        [property: Description("What is to be done, so that whoever does it needs nothing else.")] string Description)
    {
        [Description("The capability that carries it out.")]
        public string Capability { get; init => field = value ?? ""; } = "";

        [Description("Ids of the steps whose results it needs.")]
        public IReadOnlyList<string> DependsOn { get; init => field = value ?? []; } = [];

        [Description("Files it reads.")]
        public IReadOnlyList<string> Reads { get; init => field = value ?? []; } = [];

        [Description("Files it writes.")]
        public IReadOnlyList<string> Writes { get; init => field = value ?? []; } = [];

        [Description("What it is thought to cost; null where nobody knows.")]
        public decimal? CostGuess { get; init; }

        [Description("The capability's input, as its schema says; null to make one of the description and the files.")]
        public JsonElement? Payload { get; init; }

        public PlanStep ToStep() => new(Id, Kind, Description)
        {
            Capability = Capability,
            DependsOn = DependsOn,
            Reads = Reads,
            Writes = Writes,
            CostGuess = CostGuess,
            Input = PayloadOf(Payload),
        };
    }

    /// <summary>The actions.</summary>
    internal enum Act
    {
        [JsonStringEnumMemberName("call_worker")] CallWorker,

        [JsonStringEnumMemberName("continue")] Continue,

        [JsonStringEnumMemberName("replan")] Replan,

        [JsonStringEnumMemberName("finish")] Finish,
    }

    /// <summary>How a run may end.</summary>
    internal enum Ending
    {
        [JsonStringEnumMemberName("succeeded")] Succeeded,

        [JsonStringEnumMemberName("partial")] Partial,

        [JsonStringEnumMemberName("failed")] Failed,
    }
}
