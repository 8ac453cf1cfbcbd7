namespace Orchestrator.Patching;

/// <summary>Which line end an added line takes: that of its neighbours, so that a file of mixed ends stays mixed as it was.</summary>
internal readonly struct LineEnds(LineTable file)
{
    public ReadOnlySpan<byte> Beside(int start, int end)
    {
        // The lines replaced come first, then the line before, then the one behind.
        for (var line = start; line < end; line++)
        {
            if (!file.LacksNewline(line))
                return Of(line);
        }
        if (start > 0 && !file.LacksNewline(start - 1))
            return Of(start - 1);
        if (end < file.Count && !file.LacksNewline(end))
            return Of(end);
        return start > 1 ? Of(start - 2) : "\n"u8;
    }

    private ReadOnlySpan<byte> Of(int line)
    {
        var content = file[line];
        return content.Length > 0 && content[^1] == '\r' ? "\r\n"u8 : "\n"u8;
    }
}
