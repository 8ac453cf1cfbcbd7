using System.Buffers;

namespace Orchestrator;

/// <summary>Keeps events as the bytes that a journal on disk would keep, and reads them back from those.</summary>
internal sealed class EncodedEventLog : EventLog
{
    private const int EventsPerRead = 64;

    private readonly List<Entry> _entries = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public override void Append(IReadOnlyList<RunEvent.Recorded> events)
    {
        var encoded = new Entry[events.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var recorded = events[i];
            _buffer.ResetWrittenCount();
            RunEventJson.Write(recorded.Event, _buffer);
            encoded[i] = new Entry(recorded.At, RunEventJson.KindOf(recorded.Event), _buffer.WrittenSpan.ToArray());
        }

        _entries.AddRange(encoded);
        Count += encoded.Length;
    }

    public override ReadOnlyMemory<RunEvent.Recorded> Read(long index)
    {
        var events = new RunEvent.Recorded[Math.Clamp(Count - index, 0, EventsPerRead)];
        for (var i = 0; i < events.Length; i++)
        {
            var entry = _entries[(int)index + i];
            events[i] = new RunEvent.Recorded(index + i + 1, entry.At, RunEventJson.Read(entry.Kind, entry.Json));
        }

        return events;
    }

    private readonly record struct Entry(DateTimeOffset At, string Kind, byte[] Json);
}
