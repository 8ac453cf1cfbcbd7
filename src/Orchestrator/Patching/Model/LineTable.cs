using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orchestrator.Patching;

/// <summary>Bytes with the positions of their lines. A line ends after a line feed; a carriage return belongs to its line.</summary>
internal sealed class LineTable
{
    private readonly byte[] _array;
    private readonly int _offset;
    private readonly int[] _starts;

    public LineTable(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        if (MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            _array = segment.Array ?? [];
            _offset = segment.Offset;
        }
        else
        {
            _array = bytes.ToArray();
        }

        var span = bytes.Span;
        var newlines = span.Count((byte)'\n');
        EndsWithoutNewline = span.Length > 0 && span[^1] != '\n';
        Count = newlines + (EndsWithoutNewline ? 1 : 0);
        _starts = new int[Count + 1];
        FindStarts(span, _starts.AsSpan(1, newlines));
        _starts[Count] = span.Length;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public int Count { get; }

    public bool EndsWithoutNewline { get; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(_offset, Bytes.Length);

    /// <summary>The line without its line feed.</summary>
    public ReadOnlySpan<byte> this[int line]
    {
        get
        {
            var start = _starts[line];
            var length = _starts[line + 1] - start;
            if (length > 0 && (line + 1 < Count || !EndsWithoutNewline))
                length--;
            return _array.AsSpan(_offset + start, length);
        }
    }

    public int Start(int line) => _starts[line];

    public bool LacksNewline(int line) => EndsWithoutNewline && line == Count - 1;

    public ReadOnlySpan<byte> Slice(int start, int length) => _array.AsSpan(_offset + start, length);

    public string Text(int line) => System.Text.Encoding.UTF8.GetString(Trim.End(this[line], (byte)'\r'));

    /// <summary>Lines are short, so that a search begun anew for each one costs more than the search: whole blocks are compared instead.</summary>
    private static void FindStarts(ReadOnlySpan<byte> bytes, Span<int> starts)
    {
        var (line, at) = (0, 0);
        if (Vector256.IsHardwareAccelerated)
        {
            var newline = Vector256.Create((byte)'\n');
            for (; at <= bytes.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                for (var found = Vector256.Equals(Vector256.Create(bytes[at..]), newline).ExtractMostSignificantBits(); found != 0; found &= found - 1)
                    starts[line++] = at + BitOperations.TrailingZeroCount(found) + 1;
            }
        }
        for (; line < starts.Length; line++)
        {
            at += bytes[at..].IndexOf((byte)'\n') + 1;
            starts[line] = at;
        }
    }
}
