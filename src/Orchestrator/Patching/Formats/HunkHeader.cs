using System.Buffers.Text;

namespace Orchestrator.Patching;

/// <summary>The line <c>@@ -start,count +start,count @@ heading</c>, and what models make of it.</summary>
internal readonly record struct HunkHeader(int OldStart, int OldCount, int NewStart, int NewCount, string? Anchor, bool Oversized)
{
    private const int Unknown = -1;

    public bool HasNumbers => OldStart >= 0;

    public static bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith("@@"u8) && !line.StartsWith("@@@"u8);

    /// <summary>Whether the line can only be a header: it states numbers or stands bare.</summary>
    public static bool IsCertainHeader(ReadOnlySpan<byte> line) => line.StartsWith("@@ -"u8) || line.StartsWith("@@ @@"u8) || (IsHeader(line) && Trim.Blanks(line).Length == 2);

    public static HunkHeader Parse(ReadOnlySpan<byte> line, PatchOptions.Limits limit)
    {
        line = Trim.Blanks(line)[2..];
        var rest = line.TrimStart((byte)' ');
        if (rest.StartsWith("-"u8) && TryRange(rest[1..], out var oldStart, out var oldCount, out rest))
        {
            rest = rest.TrimStart(" ,"u8);
            if (rest.StartsWith("+"u8) && TryRange(rest[1..], out var newStart, out var newCount, out rest))
            {
                var oversized = oldStart > limit.LineNumber || newStart > limit.LineNumber || oldCount > limit.PatchLines || newCount > limit.PatchLines;
                return new((int)Math.Min(oldStart, int.MaxValue), (int)Math.Min(oldCount, int.MaxValue), (int)Math.Min(newStart, int.MaxValue), (int)Math.Min(newCount, int.MaxValue), null, oversized);
            }
        }
        var anchor = System.Text.Encoding.UTF8.GetString(line).Trim();
        if (anchor.EndsWith("@@", StringComparison.Ordinal))
            anchor = anchor[..^2].Trim();
        if (anchor.StartsWith("@@", StringComparison.Ordinal))
            anchor = anchor[2..].Trim();
        return new(Unknown, Unknown, Unknown, Unknown, anchor.Length == 0 || anchor is "..." or "…" || anchor.StartsWith('-') ? null : anchor, false);
    }

    private static bool TryRange(ReadOnlySpan<byte> text, out long start, out long count, out ReadOnlySpan<byte> rest)
    {
        count = 1;
        if (!TryNumber(text, out start, out rest))
            return false;
        if (rest.StartsWith(","u8) && TryNumber(rest[1..], out count, out var after))
            rest = after;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number, out ReadOnlySpan<byte> rest)
    {
        number = 0;
        rest = text;
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') switch { < 0 => text.Length, var at => at };
        if (digits == 0)
            return false;
        rest = text[digits..];
        if (!Utf8Parser.TryParse(text[..digits], out number, out _))
            number = long.MaxValue;
        return true;
    }
}
