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
    [JsonInclude]
    public string? Step { get; internal init; }

    /// <summary>The policy that required this call, if any.</summary>
    [JsonInclude]
    public string? RequiredBy { get; internal init; }

    /// <summary>The call that waits for this one because a policy required it, if any.</summary>
    [JsonInclude]
    public CallId? RequiredFor { get; internal init; }

    /// <summary>Hash of the very thing that an approval is about, so that it cannot pass for an approval of something else.</summary>
    [JsonInclude]
    public string? BoundTo { get; internal init; }

    /// <summary>Whether the engine has nothing to say about why this call was made.</summary>
    internal bool IsPlain => Step is null && RequiredBy is null && RequiredFor is null && BoundTo is null;

    /// <summary>The same work asked for anew. A decider may take a call out of the state; what the engine knew of that one does not hold for the new one.</summary>
    internal WorkerCall AsRequestOf(Payload input) => this with { Input = input, Step = null, RequiredBy = null, RequiredFor = null, BoundTo = null };

    /// <summary>A call whose input is given as JSON.</summary>
    public static WorkerCall To(string capability, JsonElement input) => new(capability, Payload.Of(input));

    /// <summary>A call whose input is an object, written in snake_case.</summary>
    [RequiresUnreferencedCode("Serialises the input by reflection; where code is trimmed, pass a JsonElement.")]
    [RequiresDynamicCode("Serialises the input by reflection; where code is compiled ahead of time, pass a JsonElement.")]
    public static WorkerCall To(string capability, object input) => To(capability, JsonSerializer.SerializeToElement(input, input.GetType(), WireJson.Reflective));

    /// <summary>What an attempt is about to do, recorded before it does it.</summary>
    /// <param name="Kind">A model request or a command.</param>
    /// <param name="Target">The registered model, or the command.</param>
    /// <param name="RequestHash">Hash of the whole request: the same request that has a receipt is not sent again.</param>
    public sealed record Intent(AttemptKind Kind, string Target, string RequestHash)
    {
        /// <summary>Which prompt it uses, such as <c>code_edit/1</c>; empty for none.</summary>
        public string Prompt { get; init => field = value ?? ""; } = "";

        /// <summary>Hash of that prompt's text.</summary>
        public string PromptHash { get; init => field = value ?? ""; } = "";

        /// <summary>Tokens held: the most that the request can use.</summary>
        public TokenUsage HeldTokens { get; init; }

        /// <summary>Money held; <see langword="null"/> where the model has no price.</summary>
        public decimal? HeldCost { get; init; }
    }

    /// <summary>What came of an attempt.</summary>
    /// <param name="Succeeded">Whether there is a reply to use.</param>
    public sealed record Receipt(bool Succeeded)
    {
        /// <summary>The reply, or the part of it that arrived before it broke off.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Payload Reply { get; init; }

        /// <summary>The model that answered, by its own account; empty where it did not say.</summary>
        public string Model { get; init => field = value ?? ""; } = "";

        /// <summary>Tokens used, by the model's account or, without one, by the hold.</summary>
        public TokenUsage Usage { get; init; }

        /// <summary>What it cost; <see langword="null"/> where the model has no price.</summary>
        public decimal? Cost { get; init; }

        /// <summary>Why it failed.</summary>
        public string Error { get; init => field = value ?? ""; } = "";

        /// <summary>How long it took.</summary>
        public TimeSpan Duration { get; init; }
    }

    /// <summary>What an attempt starts.</summary>
    public enum AttemptKind
    {
        /// <summary>One request to a model.</summary>
        [JsonStringEnumMemberName("model")] Model,

        /// <summary>One command in the workspace.</summary>
        [JsonStringEnumMemberName("command")] Command,
    }
}
