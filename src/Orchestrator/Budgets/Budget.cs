using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Limits for one task. What is <see langword="null"/> falls back to <see cref="OrchestratorOptions"/>.</summary>
/// <remarks>A limit ends the run as <see cref="RunStatus.Partial"/> with the best it has; it never loses what was done.</remarks>
public sealed record Budget
{
    /// <summary>Money for model requests, in the currency of the registered prices. Reserved before it is spent.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Input and output tokens of all model requests together. Reserved before they are spent.</summary>
    public long? Tokens { get; init; }

    /// <summary>How many decisions may be taken, invalid ones included.</summary>
    public int? Steps { get; init; }

    /// <summary>Time of active driving; waiting for a person does not count.</summary>
    public TimeSpan? RunTime { get; init; }

    /// <summary>This budget, with what it leaves open taken from another.</summary>
    internal Budget Over(Budget other) => new()
    {
        Cost = Cost ?? other.Cost,
        Tokens = Tokens ?? other.Tokens,
        Steps = Steps ?? other.Steps,
        RunTime = RunTime ?? other.RunTime,
    };

    /// <summary>The limits that end a run.</summary>
    public enum Limit
    {
        /// <summary>Decisions taken.</summary>
        [JsonStringEnumMemberName("steps")] Steps,

        /// <summary>Time of active driving.</summary>
        [JsonStringEnumMemberName("run_time")] RunTime,

        /// <summary>Money.</summary>
        [JsonStringEnumMemberName("cost")] Cost,

        /// <summary>Tokens.</summary>
        [JsonStringEnumMemberName("tokens")] Tokens,
    }
}
