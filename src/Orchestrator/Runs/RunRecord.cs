using System.Text.Json;

namespace Orchestrator;

/// <summary>The complete record of a run: its events with everything they refer to. Transcript, event lines and result are views of it.</summary>
/// <remarks>Immutable.</remarks>
public sealed class RunRecord
{
    private readonly IReadOnlyDictionary<string, JsonElement> _contents;

    internal RunRecord(RunId run, IReadOnlyList<RecordedEvent> events, IReadOnlyDictionary<string, JsonElement> contents)
    {
        Run = run;
        Events = events;
        _contents = contents;
        State = TaskState.Fold(run, events);
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>Every event, in order.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    /// <summary>The fold of the events.</summary>
    public TaskState State { get; }
}
