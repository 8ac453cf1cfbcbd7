namespace Orchestrator;

/// <summary>A cached fold of a run. It may be missing or thrown away at any time; the events are the truth.</summary>
/// <param name="Sequence">The last event that it contains.</param>
/// <param name="FoldVersion">The version of the fold that made it; another version ignores it.</param>
/// <param name="Content">The state, opaque to the journal.</param>
public sealed record RunSnapshot(long Sequence, int FoldVersion, ReadOnlyMemory<byte> Content);
