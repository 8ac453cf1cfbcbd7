namespace Orchestrator.Patching;

/// <summary>What of a line is compared, strictest first.</summary>
internal enum MatchLevel
{
    /// <summary>Every byte, and whether a line feed follows.</summary>
    Exact,

    /// <summary>Without one carriage return at the end; a missing last newline does not matter.</summary>
    LineEnds,

    /// <summary>Without blanks at the end.</summary>
    Blanks,

    /// <summary>Without blanks at either end; the indentation is compared as a whole afterwards.</summary>
    Indent,
}

internal static class MatchLevels
{
    public static ReadOnlySpan<byte> Cut(this MatchLevel level, ReadOnlySpan<byte> line) => level switch
    {
        MatchLevel.Exact => line,
        MatchLevel.LineEnds => Trim.End(line, (byte)'\r'),
        MatchLevel.Blanks => Trim.Blanks(line),
        MatchLevel.Indent => Trim.Both(line),
        _ => throw new System.Diagnostics.UnreachableException($"No level {level}."),
    };
}
