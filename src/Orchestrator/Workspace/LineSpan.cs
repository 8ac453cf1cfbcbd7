namespace Orchestrator;

/// <summary>A range of lines, both ends included, counted from one.</summary>
/// <param name="First">The first line.</param>
/// <param name="Last">The last line.</param>
public readonly record struct LineSpan(int First, int Last);
