using System.Text;

namespace Orchestrator;

/// <summary>Text that never grows beyond a number of bytes of UTF-8.</summary>
internal sealed class BoundedText(int limit)
{
    private readonly StringBuilder _text = new();
    private int _used;

    /// <summary>The bytes that still fit.</summary>
    public int Left => limit - _used;

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Writes a heading and what belongs under it, within a share of the whole; nothing at all where nothing is written.</summary>
    public void Section(string heading, int share, Action<BoundedText> write)
    {
        var head = $"{(IsEmpty ? "" : "\n")}# {heading}\n\n";
        var section = new BoundedText(Math.Min(share, Left) - head.Length);
        write(section);
        if (!section.IsEmpty)
        {
            _text.Append(head).Append(section._text);
            _used += head.Length + section._used;
        }
    }

    /// <summary>Writes within a share of the whole.</summary>
    public void Part(int share, Action<BoundedText> write)
    {
        var part = new BoundedText(Math.Min(share, Left));
        write(part);
        _text.Append(part._text);
        _used += part._used;
    }

    /// <summary>Writes a line whole, or not at all.</summary>
    public bool Line(string line)
    {
        var bytes = Encoding.UTF8.GetByteCount(line) + 1;
        if (bytes > Left)
        {
            return false;
        }

        _text.Append(line).Append('\n');
        _used += bytes;
        return true;
    }

    /// <summary>Writes text of any length, further lines indented, cut where it does not fit.</summary>
    /// <param name="label">What stands before it.</param>
    /// <param name="text">The text; nothing is written where it is empty.</param>
    /// <param name="most">The most bytes that it may take.</param>
    /// <returns>Whether all of it fitted.</returns>
    public bool Text(string label, string text, int most = int.MaxValue)
    {
        if (text.Length == 0)
        {
            return true;
        }

        var whole = label + text.Trim().ReplaceLineEndings("\n  ");
        var room = Math.Min(most, Left) - 1;
        if (Encoding.UTF8.GetByteCount(whole) <= room)
        {
            return Line(whole);
        }

        const string mark = " […]";
        var kept = Cut(whole, room - Encoding.UTF8.GetByteCount(mark));
        if (kept.Length > label.Length)
        {
            Line(kept + mark);
        }

        return false;
    }

    public override string ToString() => _text.ToString();

    /// <summary>The longest beginning that takes no more bytes, without half a character at its end.</summary>
    private static string Cut(string text, int bytes)
    {
        if (bytes <= 0)
        {
            return "";
        }

        var used = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes)
            {
                break;
            }

            used += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
