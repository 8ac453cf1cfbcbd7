using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What happens next: the whole of what a decider can do.</summary>
/// <remarks>
/// The cases are <see cref="CallWorker"/>, <see cref="Continue"/>, <see cref="Replan"/> and <see cref="Finish"/>; there are no others. Two decisions that mean
/// the same have the same <see cref="Fingerprint"/>; record equality does not look into lists.
/// </remarks>
[JsonConverter(typeof(DecisionJsonConverter))]
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>SHA-256 of the decision's canonical JSON, in lower-case hexadecimal.</summary>
    public string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CoreJsonContext.Default.Decision)));

    /// <summary>Calls one worker.</summary>
    public static CallWorker Call(string capability, JsonElement input) => new([WorkerCall.To(capability, input)]);

    /// <summary>Calls one worker with an object, written in snake_case.</summary>
    [RequiresUnreferencedCode("Serialises the input by reflection; where code is trimmed, pass a JsonElement.")]
    [RequiresDynamicCode("Serialises the input by reflection; where code is compiled ahead of time, pass a JsonElement.")]
    public static CallWorker Call(string capability, object input) => new([WorkerCall.To(capability, input)]);

    /// <summary>Calls workers at once, beside whatever is running. The decider is asked again when any call ends.</summary>
    /// <param name="Calls">At least one call.</param>
    public sealed record CallWorker(IReadOnlyList<WorkerCall> Calls) : Decision
    {
        /// <summary>The calls.</summary>
        public IReadOnlyList<WorkerCall> Calls { get; init => field = value ?? []; } = Calls ?? [];
    }

    /// <summary>Goes on with what is under way. Invalid where nothing is waiting, ready or running.</summary>
    /// <param name="Wake">When to ask again.</param>
    public sealed record Continue(WakeOn Wake = WakeOn.Completion) : Decision;

    /// <summary>Replaces the plan; on a run without one, this is planning. The decider is asked again at a failure or when the plan is done.</summary>
    /// <param name="Plan">The new plan. Steps whose id and content are unchanged keep their calls.</param>
    public sealed record Replan(Plan Plan) : Decision;

    /// <summary>Ends the run.</summary>
    /// <param name="Summary">What was achieved, for the person who asked.</param>
    public sealed record Finish(string Summary) : Decision
    {
        /// <summary>Names of what is handed over, beside the branch and the diff.</summary>
        public IReadOnlyList<string> Artifacts { get; init => field = value ?? []; } = [];

        /// <summary>How it ends by the decider's own account: succeeded, partial or failed. Policies guard only success.</summary>
        public RunStatus Status { get; init; } = RunStatus.Succeeded;

        /// <summary>Calls in flight that are given up; all of them must be named.</summary>
        public IReadOnlyList<CallId> Abandons { get; init => field = value ?? []; } = [];
    }

    /// <summary>Says when a decider wants to be asked again. A run with nothing left to do always asks.</summary>
    public enum WakeOn
    {
        /// <summary>When any call ends.</summary>
        [JsonStringEnumMemberName("completion")] Completion,

        /// <summary>When a call fails, or nothing is left to do.</summary>
        [JsonStringEnumMemberName("failure")] Failure,

        /// <summary>When nothing is left to do.</summary>
        [JsonStringEnumMemberName("idle")] Idle,
    }
}
