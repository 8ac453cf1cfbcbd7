using System.Globalization;

namespace Orchestrator;

/// <summary>Shortens texts without ever cutting a character in two.</summary>
internal static class TextCut
{
    /// <summary>The beginning of a text.</summary>
    public static string Head(string text, int most) => text.Length <= most ? text : text[..Before(text, Math.Max(0, most))];

    /// <summary>Beginning and end, with a line between them that says how much is missing.</summary>
    /// <returns>A text that is never longer than <paramref name="most"/>.</returns>
    public static string Middle(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var mark = Mark(text.Length);
        var room = most - mark.Length;
        if (room < 2)
        {
            return Head(text, most);
        }

        // The end of an output says most; its beginning says what it is the output of.
        var head = Before(text, room / 3);
        var tail = After(text, text.Length - (room - (room / 3)));
        head = text.LastIndexOf('\n', Math.Max(0, head - 1)) is var line && line > head / 2 ? line + 1 : head;
        return string.Concat(text.AsSpan(0, head), Mark(tail - head), text.AsSpan(tail));
    }

    /// <summary>Shortens until a text has no more tokens than that.</summary>
    public static string ToTokens(string text, int tokens, Func<string, int, string> cut)
    {
        if (TokenEstimate.Of(text) <= tokens)
        {
            return text;
        }

        var most = (int)Math.Min(text.Length, Math.Max(0L, tokens * 3L));
        while (most > 0)
        {
            var shorter = cut(text, most);
            var estimate = TokenEstimate.Of(shorter);
            if (estimate <= tokens)
            {
                return shorter;
            }

            most = (int)Math.Min(most - 1, (long)most * tokens / estimate);
        }

        return "";
    }

    private static string Mark(int characters) => string.Create(CultureInfo.InvariantCulture, $"\n[… {characters} characters left out …]\n");

    /// <summary>The nearest place at or before an index that is between two characters.</summary>
    private static int Before(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;

    private static int After(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index + 1 : index;
}
