namespace Orchestrator;

/// <summary>An event in its place.</summary>
/// <param name="Sequence">One for a run's first event, and one more for each further one.</param>
/// <param name="At">When it was appended.</param>
/// <param name="Event">The fact.</param>
public readonly record struct RecordedEvent(long Sequence, DateTimeOffset At, RunEvent Event);
