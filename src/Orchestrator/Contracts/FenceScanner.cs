using System.Text;

namespace Orchestrator.Contracts;

/// <summary>Cuts a text into fenced blocks and what stands around them, line by line and once over.</summary>
internal static class FenceScanner
{
    /// <summary>A part of the text: a fenced block's inside, or a stretch outside of all fences.</summary>
    /// <param name="Start">Where it starts in the bytes.</param>
    /// <param name="Length">How many bytes it has.</param>
    /// <param name="Line">Its first line, or that of the opening fence.</param>
    /// <param name="Info">What stands after the opening fence; <see langword="null"/> outside of fences.</param>
    /// <param name="IsClosed">Whether the closing fence is there.</param>
    /// <param name="HasCarriageReturn">Whether the fence lines end with CR LF.</param>
    public readonly record struct Part(int Start, int Length, int Line, string? Info, bool IsClosed, bool HasCarriageReturn);

    public static List<Part> Scan(ReadOnlySpan<byte> text)
    {
        var parts = new List<Part>();
        var (outside, outsideLine) = (0, 1);
        var (inside, insideLine, fence, mark, info, hasCarriageReturn) = (-1, 0, 0, (byte)0, "", false);
        var line = 0;
        for (var start = 0; start < text.Length;)
        {
            line++;
            var length = text[start..].IndexOf((byte)'\n');
            var end = length < 0 ? text.Length : start + length;
            var next = length < 0 ? text.Length : end + 1;
            var content = text[start..end];
            if (inside < 0)
            {
                if (Opens(content, out var opened, out var openMark, out var openInfo))
                {
                    AddOutside(parts, outside, start, outsideLine);
                    (inside, insideLine, fence, mark, info, hasCarriageReturn) = (next, line, opened, openMark, openInfo, content is [.., (byte)'\r']);
                }
            }
            else if (Closes(content, fence, mark))
            {
                parts.Add(new Part(inside, start - inside, insideLine, info, true, hasCarriageReturn));
                (inside, outside, outsideLine) = (-1, next, line + 1);
            }

            start = next;
        }

        if (inside >= 0)
        {
            parts.Add(new Part(inside, text.Length - inside, insideLine, info, false, hasCarriageReturn));
        }
        else
        {
            AddOutside(parts, outside, text.Length, outsideLine);
        }

        return parts;
    }

    private static void AddOutside(List<Part> parts, int start, int end, int line)
    {
        if (end > start)
        {
            parts.Add(new Part(start, end - start, line, null, true, false));
        }
    }

    private static bool Opens(ReadOnlySpan<byte> line, out int length, out byte mark, out string info)
    {
        (length, mark, info) = (Run(ref line, out var found), found, "");
        if (length < 3 || (mark == '`' && line.Contains((byte)'`')))
        {
            return false;
        }

        info = Encoding.UTF8.GetString(line.Trim(" \t\r"u8));
        return true;
    }

    private static bool Closes(ReadOnlySpan<byte> line, int fence, byte mark) =>
        Run(ref line, out var found) >= fence && found == mark && line.Trim(" \t\r"u8).IsEmpty;

    /// <summary>Takes up to three spaces and the backticks or tildes after them off the line.</summary>
    private static int Run(ref ReadOnlySpan<byte> line, out byte mark)
    {
        var indent = 0;
        while (indent < 3 && indent < line.Length && line[indent] == ' ')
        {
            indent++;
        }

        line = line[indent..];
        mark = line.IsEmpty ? (byte)0 : line[0];
        if (mark is not ((byte)'`' or (byte)'~'))
        {
            return 0;
        }

        var length = line.IndexOfAnyExcept(mark);
        length = length < 0 ? line.Length : length;
        line = line[length..];
        return length;
    }
}
