namespace Orchestrator;

/// <summary>Says that a worker reaches a model by itself.</summary>
/// <param name="MaxCost">The most that one call can cost; <see langword="null"/> where nobody said.</param>
internal sealed record OwnModel(decimal? MaxCost);
