namespace Orchestrator.Cli;

/// <summary>Makes text from elsewhere (files, models, test output) safe to show: it may not move the cursor or colour the screen.</summary>
internal static class Plain
{
    /// <summary>One line: controls become spaces or a mark.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Several lines: line ends and tabs stay.</summary>
    public static string Text(string text) => Clean(text, keepLines: true);

    /// <summary>One line of at most that many characters.</summary>
    public static string Brief(string text, int most)
    {
        var line = Line(text);
        return line.Length <= most ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1), "…");
    }

    private static string Clean(string text, bool keepLines) => !text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
        ? text
        : string.Create(text.Length, (text, keepLines), static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = from.text[i] switch
                {
                    '\t' => '\t',
                    '\n' or '\r' => from.keepLines ? from.text[i] : ' ',
                    < ' ' or (>= '\u007f' and <= '\u009f') => '\uFFFD',
                    var letter => letter,
                };
            }
        });
}
