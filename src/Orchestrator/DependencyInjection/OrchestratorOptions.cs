namespace Orchestrator;

/// <summary>The limits that hold where a task sets none. Every one of them bites.</summary>
public sealed class OrchestratorOptions
{
    /// <summary>How many decisions a run may take, invalid ones included.</summary>
    public int MaxSteps { get; set; } = 50;

    /// <summary>How long a run may be driven; waiting for a person does not count.</summary>
    public TimeSpan MaxRunTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one call or one decision may take.</summary>
    public TimeSpan MaxCallTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many attempts (model requests, commands) one call may make.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>How many calls of one run may be under way at once.</summary>
    public int MaxParallelCalls { get; set; } = 4;

    /// <summary>The most money that one run may spend; <see langword="null"/> for no limit in money.</summary>
    public decimal? MaxCost { get; set; }

    /// <summary>The most tokens that one run may use.</summary>
    public long MaxTokens { get; set; } = 5_000_000;

    /// <summary>How long a host that stops lets calls under way finish.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(10);
}
