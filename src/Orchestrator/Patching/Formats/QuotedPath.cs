using System.Text;

namespace Orchestrator.Patching;

/// <summary>Paths as git writes them: plain, or in double quotes with C escapes (git-config, <c>core.quotePath</c>).</summary>
internal static class QuotedPath
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The path, or null when it is not valid UTF-8 or its quoting is broken. <paramref name="rest"/> is what follows a quoted path.</summary>
    public static string? Read(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        return text.Length > 0 && text[0] == '"' ? ReadQuoted(text[1..], out rest) : Decode(text);
    }

    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Writes a path, quoted when it holds anything git would quote.</summary>
    public static string Write(string prefix, string path)
    {
        var plain = true;
        foreach (var c in path)
            plain &= c is >= ' ' and < '\u007f' and not '"' and not '\\';
        if (plain)
            return prefix + path;
        var quoted = new StringBuilder("\"").Append(prefix);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (b is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)b);
            else if (b is < 0x20 or >= 0x7f)
                quoted.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7)));
            else
                quoted.Append((char)b);
        }
        return quoted.Append('"').ToString();
    }

    private static string? ReadQuoted(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                rest = text[(i + 1)..];
                return Decode([.. bytes]);
            }
            if (text[i] != '\\')
            {
                bytes.Add(text[i]);
                continue;
            }
            if (++i >= text.Length)
                return null;
            if (text[i] is >= (byte)'0' and <= (byte)'3' && i + 2 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]))
            {
                bytes.Add((byte)(((text[i] - '0') << 6) | ((text[i + 1] - '0') << 3) | (text[i + 2] - '0')));
                i += 2;
                continue;
            }
            var escape = text[i] switch
            {
                (byte)'a' => 7,
                (byte)'b' => 8,
                (byte)'t' => 9,
                (byte)'n' => 10,
                (byte)'v' => 11,
                (byte)'f' => 12,
                (byte)'r' => 13,
                (byte)'"' => '"',
                (byte)'\\' => '\\',
                _ => -1,
            };
            if (escape < 0)
                return null;
            bytes.Add((byte)escape);
        }
        return null;
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';
}
