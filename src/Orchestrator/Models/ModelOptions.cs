namespace Orchestrator;

/// <summary>How requests to one registered model are bounded.</summary>
public sealed record ModelOptions
{
    /// <summary>What the model costs; without it, tokens are counted but no money is.</summary>
    public TokenPrice? Price { get; init; }

    /// <summary>How many tokens the model can hold, its reply included. Inputs of model workers are cut to fit, and refused where what they are about does not.</summary>
    public int ContextWindow { get; init; } = 128_000;

    /// <summary>Sent with every request that does not ask for less, because a hold needs a ceiling.</summary>
    public int MaxOutputTokens { get; init; } = 16_384;

    /// <summary>How many requests to this model may be under way at once in this process.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>How long a streamed reply may be silent before the request counts as broken.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often a request that failed for a passing reason is sent again; each time is an attempt of its own.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>What a model costs, so that money can be reserved before a request and settled after it.</summary>
    /// <param name="InputPerMillion">Price of a million tokens sent.</param>
    /// <param name="OutputPerMillion">Price of a million tokens received.</param>
    public sealed record TokenPrice(decimal InputPerMillion, decimal OutputPerMillion)
    {
        /// <summary>The cost of that many tokens.</summary>
        public decimal Of(TokenUsage usage) => ((usage.Input * InputPerMillion) + (usage.Output * OutputPerMillion)) / 1_000_000m;
    }
}
