using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What came of an attempt.</summary>
/// <param name="Succeeded">Whether there is a reply to use.</param>
public sealed record AttemptReceipt(bool Succeeded)
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
