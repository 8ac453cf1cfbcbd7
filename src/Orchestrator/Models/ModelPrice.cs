namespace Orchestrator;

/// <summary>What a model costs, so that money can be reserved before a request and settled after it.</summary>
/// <param name="InputPerMillion">Price of a million tokens sent.</param>
/// <param name="OutputPerMillion">Price of a million tokens received.</param>
public sealed record ModelPrice(decimal InputPerMillion, decimal OutputPerMillion)
{
    /// <summary>The cost of that many tokens.</summary>
    public decimal Of(TokenUsage usage) => ((usage.Input * InputPerMillion) + (usage.Output * OutputPerMillion)) / 1_000_000m;
}
