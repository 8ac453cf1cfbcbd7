namespace Orchestrator.Patching;

/// <summary>Lines that stand for lines left out: <c>...</c>, alone or in a comment, perhaps with a few words such as "existing code".</summary>
internal static class Elision
{
    /// <summary>Whether the line says that lines are left out.</summary>
    public static bool IsMarker(ReadOnlySpan<byte> line)
    {
        line = Trim.Both(line);
        if (line.Length is 0 or > 80)
            return false;
        var inner = StripComment(line, out var commented);
        if (IsDots(inner))
            return true;
        if (!commented)
            return false;
        var dotted = StartsWithDots(inner) && EndsWithDots(inner);
        return dotted || ((StartsWithDots(inner) || EndsWithDots(inner)) && SaysRest(inner));
    }

    private static bool IsDots(ReadOnlySpan<byte> text) => text.SequenceEqual("..."u8) || text.SequenceEqual("…"u8) || text.SequenceEqual("[...]"u8);

    private static bool StartsWithDots(ReadOnlySpan<byte> text) => text.StartsWith("..."u8) || text.StartsWith("…"u8);

    private static bool EndsWithDots(ReadOnlySpan<byte> text) => text.EndsWith("..."u8) || text.EndsWith("…"u8);

    private static bool SaysRest(ReadOnlySpan<byte> text)
    {
        var words = System.Text.Encoding.UTF8.GetString(text);
        return words.Contains("existing", StringComparison.OrdinalIgnoreCase) || words.Contains("rest of", StringComparison.OrdinalIgnoreCase)
            || words.Contains("unchanged", StringComparison.OrdinalIgnoreCase) || words.Contains("remaining", StringComparison.OrdinalIgnoreCase)
            || words.Contains("same as", StringComparison.OrdinalIgnoreCase) || words.Contains("omitted", StringComparison.OrdinalIgnoreCase)
            || words.Contains("other code", StringComparison.OrdinalIgnoreCase) || words.Contains("more code", StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<byte> StripComment(ReadOnlySpan<byte> line, out bool commented)
    {
        commented = true;
        if (line.StartsWith("<!--"u8) && line.EndsWith("-->"u8) && line.Length >= 7)
            return Trim.Both(line[4..^3]);
        if (line.StartsWith("/*"u8) && line.EndsWith("*/"u8) && line.Length >= 4)
            return Trim.Both(line[2..^2]);
        if (line.StartsWith("{/*"u8) && line.EndsWith("*/}"u8) && line.Length >= 6)
            return Trim.Both(line[3..^3]);
        if (line.StartsWith("//"u8) || line.StartsWith("--"u8))
            return Trim.Both(line[2..]);
        if (line[0] is (byte)'#' or (byte)';' or (byte)'%')
            return Trim.Both(line[1..]);
        commented = false;
        return line;
    }
}
