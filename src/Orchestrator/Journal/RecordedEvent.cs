namespace Orchestrator;

/// <summary>An event in its place.</summary>
/// <param name="Sequence">One for a run's first event, and one more for each further one.</param>
/// <param name="At">When it was appended.</param>
/// <param name="Event">The fact.</param>
public readonly record struct RecordedEvent(long Sequence, DateTimeOffset At, RunEvent Event)
{
    /// <summary>What every <see cref="IRunJournal"/> checks about a batch before it looks at the run.</summary>
    /// <exception cref="ArgumentException">The batch is empty, is not numbered from the expected sequence on, or holds a claim.</exception>
    public static void CheckBatch(long expectedSequence, IReadOnlyList<RecordedEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSequence);
        if (events.Count == 0)
        {
            throw new ArgumentException("A batch holds at least one event.", nameof(events));
        }

        for (var i = 0; i < events.Count; i++)
        {
            var recorded = events[i];
            if (recorded.Sequence != expectedSequence + 1 + i)
            {
                throw new ArgumentException($"Event {i + 1} of the batch has sequence {recorded.Sequence}; after {expectedSequence} it must be {expectedSequence + 1 + i}.", nameof(events));
            }

            if (recorded.Event is null or RunEvent.Claimed)
            {
                throw new ArgumentException("A batch holds facts, and no claim: claim the run instead.", nameof(events));
            }
        }
    }
}
