using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>The complete record of a run: its events with everything they refer to. Transcript, event lines and result are views of it and cannot disagree.</summary>
/// <remarks>Immutable.</remarks>
public sealed class RunRecord
{
    private readonly IReadOnlyDictionary<Payload, JsonElement> _contents;

    private RunRecord(RunId run, IReadOnlyList<RunEvent.Recorded> events, IReadOnlyDictionary<Payload, JsonElement> contents)
    {
        Run = run;
        Events = events;
        _contents = contents;
        State = TaskState.Fold(run, events);
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>Every event, in order.</summary>
    public IReadOnlyList<RunEvent.Recorded> Events { get; }

    /// <summary>The fold of the events.</summary>
    public TaskState State { get; }

    /// <summary>The content of a payload of this run; of kind <see cref="JsonValueKind.Undefined"/> for none.</summary>
    public JsonElement Read(Payload payload) => _contents.TryGetValue(payload, out var content) ? content : payload.Inline;

    /// <summary>The output of a call that has ended, as a record.</summary>
    /// <returns>The output, or <see langword="null"/> where the call has none that fits.</returns>
    public T? Output<T>(CallState? call, JsonTypeInfo<T> type)
        where T : class => CallOutput.TryFind(call, out var output) ? CallOutput.Parse(Read(output), type) : null;

    /// <summary>The record as a person reads it: steps, calls, verdicts, tests, cost and the diff.</summary>
    public string ToMarkdown() => Transcript.Of(this);

    /// <summary>Every event as one line of JSON: <c>{"sequence", "at", "kind", "data"}</c>, payloads as the journal keeps them.</summary>
    public string ToJsonLines()
    {
        var lines = new StringBuilder();
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var recorded in Events)
        {
            buffer.ResetWrittenCount();
            RunEventJson.Write(recorded.Event, buffer);
            lines.Append(CultureInfo.InvariantCulture, $$"""{"sequence":{{recorded.Sequence}},"at":"{{recorded.At:O}}","kind":"{{RunEventJson.KindOf(recorded.Event)}}","data":""")
                .Append(Encoding.UTF8.GetString(buffer.WrittenSpan))
                .Append("}\n");
        }

        return lines.ToString();
    }

    /// <summary>What the run hands over, or has to hand over so far.</summary>
    public RunResult ToResult() => RunResult.Of(State, Read(State.Facts.Diff));

    /// <summary>A record of events that are at hand, as tests of hosts need it; payloads that the journal keeps elsewhere cannot be read from it.</summary>
    /// <exception cref="JournalCorruptException">The events are not one run's, whole and in order.</exception>
    public static RunRecord Of(RunId run, IReadOnlyList<RunEvent.Recorded> events) => new(run, events, new Dictionary<Payload, JsonElement>());

    internal static async ValueTask<RunRecord> LoadAsync(IRunJournal journal, RunId run, PayloadStore payloads, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent.Recorded>();
        var contents = new Dictionary<Payload, JsonElement>();
        await foreach (var recorded in journal.ReadAsync(run, 1, cancellationToken).ConfigureAwait(false))
        {
            events.Add(recorded);
            foreach (var payload in EventPayloads.Of(recorded.Event))
            {
                if ((payload.Blob is not null || payload.IsProtected) && !contents.ContainsKey(payload))
                {
                    contents[payload] = await payloads.ReadAsync(payload, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return events.Count > 0 ? new RunRecord(run, events, contents) : throw new RunNotFoundException(run);
    }
}
