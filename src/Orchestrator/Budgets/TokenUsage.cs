using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Counts the tokens of one attempt or of many.</summary>
/// <param name="Input">Tokens sent.</param>
/// <param name="Output">Tokens received, reasoning included.</param>
public readonly record struct TokenUsage(long Input, long Output)
{
    /// <summary>Both together.</summary>
    [JsonIgnore]
    public long Total => Input + Output;

    /// <summary>Adds the counts of another.</summary>
    public TokenUsage Add(TokenUsage other) => new(Input + other.Input, Output + other.Output);

    /// <inheritdoc cref="Add"/>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => left.Add(right);
}
