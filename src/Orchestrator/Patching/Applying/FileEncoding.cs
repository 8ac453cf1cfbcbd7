using System.Buffers;
using System.Text;

namespace Orchestrator.Patching;

/// <summary>How the bytes of a file are seen while a patch is applied, and the way back.</summary>
/// <remarks>A view is only taken when going there and back gives the same bytes. A byte order mark is set aside unless the patch mentions it.</remarks>
internal sealed record FileEncoding(FileEncoding.Kind Form, int MarkLength)
{
    internal enum Kind
    {
        Bytes,
        Utf16Little,
        Utf16Big,
        Latin1,
    }

    /// <summary>The view that fits the file and the text of its hunks.</summary>
    public static FileEncoding For(ReadOnlySpan<byte> content, LineTable text, IEnumerable<Hunk> hunks)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && content.Length % 2 == 0)
            return Proved(new(Kind.Utf16Little, 2), content);
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && content.Length % 2 == 0)
            return Proved(new(Kind.Utf16Big, 2), content);
        var mark = content.StartsWith("\uFEFF"u8);
        var validUtf8 = System.Text.Unicode.Utf8.IsValid(content);
        if (!mark && validUtf8)
            return new(Kind.Bytes, 0);

        var (mentionsMark, nonAscii, valid, oldNonAscii) = (false, false, true, false);
        foreach (var line in hunks.SelectMany(hunk => hunk.Lines))
        {
            var bytes = text.Slice(line.Start, line.Length);
            mentionsMark |= bytes.TrimStart(" \t"u8).StartsWith("\uFEFF"u8);
            if (Ascii.IsValid(bytes))
                continue;
            nonAscii = true;
            oldNonAscii |= line.IsOld;
            valid &= System.Text.Unicode.Utf8.IsValid(bytes);
        }
        if (mark)
            return new(Kind.Bytes, mentionsMark ? 0 : 3);

        // Bytes that are not UTF-8, and a patch that is: its author saw the file decoded. Where the file holds UTF-8 as well, or the
        // old lines are there as they are, the bytes themselves were meant.
        if (nonAscii && valid && !content.Contains((byte)0) && !HoldsUtf8(content) && !(oldNonAscii && OldLinesStand(content, text, hunks)))
            return Proved(new(Kind.Latin1, 0), content);
        return new(Kind.Bytes, 0);
    }

    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> content) => Form switch
    {
        Kind.Bytes => content[MarkLength..],
        _ => Encoding.UTF8.GetBytes(Codec.GetString(content.Span[MarkLength..])),
    };

    /// <summary>The file's own bytes for a view, or null when the encoding has no form for it.</summary>
    public ReadOnlyMemory<byte>? Encode(ReadOnlyMemory<byte> view, ReadOnlySpan<byte> original)
    {
        if (Form == Kind.Bytes)
            return MarkLength == 0 ? view : (byte[])[.. original[..MarkLength], .. view.Span];
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(view.Span);
            return (byte[])[.. original[..MarkLength], .. Codec.GetBytes(text)];
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Encoding Codec => Form switch
    {
        Kind.Utf16Little => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true),
        Kind.Utf16Big => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true),
        _ => Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
    };

    private static FileEncoding Proved(FileEncoding encoding, ReadOnlySpan<byte> content)
    {
        try
        {
            var view = encoding.Decode(content.ToArray());
            if (encoding.Encode(view, content) is { } back && back.Span.SequenceEqual(content))
                return encoding;
        }
        catch (ArgumentException)
        {
            // Not text in this encoding after all: the bytes are taken as they are.
        }
        return new(Kind.Bytes, 0);
    }

    private static bool HoldsUtf8(ReadOnlySpan<byte> content)
    {
        for (var at = content.IndexOfAnyInRange((byte)0xC2, (byte)0xF4); at >= 0;)
        {
            if (Rune.DecodeFromUtf8(content[at..], out _, out var length) == OperationStatus.Done)
                return true;
            content = content[(at + length)..];
            at = content.IndexOfAnyInRange((byte)0xC2, (byte)0xF4);
        }
        return false;
    }

    private static bool OldLinesStand(ReadOnlySpan<byte> content, LineTable text, IEnumerable<Hunk> hunks)
    {
        foreach (var line in hunks.SelectMany(hunk => hunk.Lines))
        {
            var bytes = text.Slice(line.Start, line.Length);
            if (line.IsOld && !Ascii.IsValid(bytes) && content.IndexOf(bytes) < 0)
                return false;
        }
        return true;
    }
}
