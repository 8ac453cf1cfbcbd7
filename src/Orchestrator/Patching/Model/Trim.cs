namespace Orchestrator.Patching;

/// <summary>Cuts of a line that the rungs compare.</summary>
internal static class Trim
{
    public static ReadOnlySpan<byte> End(ReadOnlySpan<byte> line, byte one) => line.Length > 0 && line[^1] == one ? line[..^1] : line;

    public static ReadOnlySpan<byte> Blanks(ReadOnlySpan<byte> line) => line.TrimEnd(" \t\r\v\f"u8);

    public static ReadOnlySpan<byte> Both(ReadOnlySpan<byte> line) => line.Trim(" \t\r\v\f"u8);

    public static ReadOnlySpan<byte> Indent(ReadOnlySpan<byte> line) => line[..^line.TrimStart(" \t"u8).Length];

    public static bool IsBlank(ReadOnlySpan<byte> line) => Both(line).IsEmpty;
}
