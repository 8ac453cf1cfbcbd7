using System.Collections;

namespace Orchestrator;

/// <summary>The calls of a run, as an immutable list in which one more version costs a few dozen bytes however many calls there are.</summary>
/// <remarks>
/// Calls that have not ended stand in a small array of their own. A call that ends is written once into a table shared by all versions: older versions still find it
/// among the open ones, so nothing they show ever changes. A version that is not the newest copies the table before it writes.
/// </remarks>
internal sealed class CallLedger : IReadOnlyList<CallState>
{
    public static CallLedger Empty => new(new Ended(), 0, 0, []);

    private readonly Ended _ended;
    private readonly int _endedCount;
    private readonly CallState[] _open;

    private CallLedger(Ended ended, int endedCount, int count, CallState[] open)
    {
        _ended = ended;
        _endedCount = endedCount;
        Count = count;
        _open = open;
    }

    public int Count { get; }

    public ReadOnlySpan<CallState> OpenSpan => _open;

    public IReadOnlyList<CallState> Open => _open;

    public CallState this[int index] => Find(new CallId(index + 1)) ?? throw new ArgumentOutOfRangeException(nameof(index));

    public CallState? Find(CallId id)
    {
        if (id.Number < 1 || id.Number > Count)
        {
            return null;
        }

        foreach (var call in _open)
        {
            if (call.Id == id)
            {
                return call;
            }
        }

        return _ended.Slots[id.Number - 1];
    }

    public CallLedger Add(CallState call)
    {
        if (call.Id.Number != Count + 1)
        {
            throw new JournalCorruptException($"Call {call.Id} does not follow c{Count}.");
        }

        return new CallLedger(_ended, _endedCount, Count + 1, [.. _open, call]);
    }

    /// <summary>Replaces an open call; one that is <see cref="CallState.Phase.Done"/> moves to the ended ones.</summary>
    public CallLedger Set(CallState call)
    {
        var index = _open.Length - 1;
        while (index >= 0 && _open[index].Id != call.Id)
        {
            index--;
        }

        if (index < 0)
        {
            throw new JournalCorruptException($"Call {call.Id} is not open.");
        }

        if (call.Status != CallState.Phase.Done)
        {
            var changed = (CallState[])_open.Clone();
            changed[index] = call;
            return new CallLedger(_ended, _endedCount, Count, changed);
        }

        var open = _open.Length == 1 ? [] : new CallState[_open.Length - 1];
        Array.Copy(_open, open, index);
        Array.Copy(_open, index + 1, open, index, open.Length - index);
        return new CallLedger(_ended.With(call, _endedCount), _endedCount + 1, Count, open);
    }

    public IEnumerator<CallState> GetEnumerator()
    {
        for (var number = 1; number <= Count; number++)
        {
            yield return Find(new CallId(number))!;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Ended
    {
        private readonly Lock _gate = new();
        private CallState?[] _slots = new CallState?[4];
        private int _written;

        public CallState?[] Slots => Volatile.Read(ref _slots);

        public Ended With(CallState call, int writtenAsSeen)
        {
            lock (_gate)
            {
                var target = _written == writtenAsSeen ? this : new Ended { _slots = (CallState?[])_slots.Clone() };
                target.Write(call);
                target._written = writtenAsSeen + 1;
                return target;
            }
        }

        private void Write(CallState call)
        {
            var slot = call.Id.Number - 1;
            if (slot >= _slots.Length)
            {
                var larger = new CallState?[Math.Max(slot + 1, _slots.Length * 2)];
                Array.Copy(_slots, larger, _slots.Length);
                larger[slot] = call;
                Volatile.Write(ref _slots, larger);
                return;
            }

            Volatile.Write(ref _slots[slot], call);
        }
    }
}
