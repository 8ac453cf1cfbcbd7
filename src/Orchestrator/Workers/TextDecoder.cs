using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Orchestrator;

/// <summary>Reads a file's bytes as text: UTF-8, UTF-16 with its mark, or Latin-1 where it is neither. Marks are left out of the text.</summary>
internal static class TextDecoder
{
    /// <summary>How far git looks for a zero byte before it calls a file binary.</summary>
    private const int Inspected = 8_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the text, or says that the bytes are none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            var encoding = bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode;
            text = bytes.Length % 2 == 0 ? encoding.GetString(bytes[2..]) : null;
            return text is not null;
        }

        if (bytes[..Math.Min(bytes.Length, Inspected)].Contains((byte)0))
        {
            text = null;
            return false;
        }

        var body = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        try
        {
            text = StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            text = Encoding.Latin1.GetString(body);
        }

        return true;
    }
}
