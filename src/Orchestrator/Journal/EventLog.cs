namespace Orchestrator;

/// <summary>The events of one run in memory. Not safe for concurrent use, but what <see cref="Read"/> returns never changes.</summary>
internal abstract class EventLog
{
    public long Count { get; protected set; }

    /// <summary>Adds events: all of them or, where one cannot be kept, none.</summary>
    public abstract void Append(IReadOnlyList<RunEvent.Recorded> events);

    /// <summary>Some events in a row, from an index on; none at the end.</summary>
    public abstract ReadOnlyMemory<RunEvent.Recorded> Read(long index);
}

/// <summary>Keeps events as the objects they are, in pieces that are never moved, so that appending copies nothing and wastes at most one piece.</summary>
internal sealed class ObjectEventLog : EventLog
{
    private const int FirstPiece = 8;
    private const int LargestPiece = 256;

    private RunEvent.Recorded[][] _pieces = [new RunEvent.Recorded[FirstPiece]];
    private int _pieceCount = 1;
    private long _lastPieceStart;

    public override void Append(IReadOnlyList<RunEvent.Recorded> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            Append(events[i]);
        }
    }

    public override ReadOnlyMemory<RunEvent.Recorded> Read(long index)
    {
        if (index >= Count)
        {
            return default;
        }

        // Readers mostly follow the end, so the search starts there.
        var start = _lastPieceStart;
        var number = _pieceCount - 1;
        while (start > index)
        {
            start -= _pieces[--number].Length;
        }

        var end = Math.Min(_pieces[number].Length, (int)(Count - start));
        return _pieces[number].AsMemory((int)(index - start), end - (int)(index - start));
    }

    private void Append(in RunEvent.Recorded recorded)
    {
        var piece = _pieces[_pieceCount - 1];
        var at = (int)(Count - _lastPieceStart);
        if (at == piece.Length)
        {
            if (_pieceCount == _pieces.Length)
            {
                Array.Resize(ref _pieces, _pieces.Length * 2);
            }

            _lastPieceStart = Count;
            _pieces[_pieceCount++] = piece = new RunEvent.Recorded[Math.Min(piece.Length * 2, LargestPiece)];
            at = 0;
        }

        piece[at] = recorded;
        Count++;
    }
}
