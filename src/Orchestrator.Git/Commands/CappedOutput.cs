using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Keeps the beginning and the end of a stream of bytes, and counts what it leaves out. Safe for concurrent use.</summary>
internal sealed class CappedOutput
{
    private readonly Lock _lock = new();
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private int _headLength;
    private long _tailWritten;

    public CappedOutput(int limit)
    {
        // The first lines show what was run, the last ones what came of it; the latter say more.
        _head = new byte[limit / 4];
        _tail = new byte[Math.Max(limit - _head.Length, 1)];
    }

    /// <summary>How many bytes were left out.</summary>
    public long Dropped => Math.Max(0, _tailWritten - _tail.Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var first = Math.Min(bytes.Length, _head.Length - _headLength);
            bytes[..first].CopyTo(_head.AsSpan(_headLength));
            _headLength += first;
            var rest = bytes[first..];
            if (rest.Length > _tail.Length)
            {
                _tailWritten += rest.Length - _tail.Length;
                rest = rest[^_tail.Length..];
            }

            var position = (int)(_tailWritten % _tail.Length);
            var untilEnd = Math.Min(rest.Length, _tail.Length - position);
            rest[..untilEnd].CopyTo(_tail.AsSpan(position));
            rest[untilEnd..].CopyTo(_tail);
            _tailWritten += rest.Length;
        }
    }

    public string ToText()
    {
        lock (_lock)
        {
            var head = Encoding.UTF8.GetString(_head, 0, _headLength);
            if (Dropped == 0)
            {
                // A character may stand across the seam, so both parts are decoded as one.
                byte[] all = [.. _head.AsSpan(0, _headLength), .. _tail.AsSpan(0, (int)_tailWritten)];
                return Encoding.UTF8.GetString(all);
            }

            var position = (int)(_tailWritten % _tail.Length);
            byte[] tail = [.. _tail.AsSpan(position), .. _tail.AsSpan(0, position)];
            var start = 0;
            while (start < Math.Min(4, tail.Length) && (tail[start] & 0xC0) == 0x80)
            {
                start++;
            }

            return string.Create(CultureInfo.InvariantCulture, $"{head.TrimEnd('\uFFFD')}\n[... {Dropped:N0} bytes left out ...]\n{Encoding.UTF8.GetString(tail.AsSpan(start))}");
        }
    }
}
