using System.Text;

namespace Orchestrator.Contracts;

/// <summary>Text between two fence lines, with a name that binds it to a member of the JSON beside it.</summary>
/// <param name="Name">The name; empty where the fence has none.</param>
/// <param name="Language">The first word after the fence; empty where there is none.</param>
/// <param name="Text">The lines between the fences, each with its line end. With <c>no-eol</c> on the fence, the last line end is not part of it.</param>
/// <param name="Line">The line of the opening fence, counted from one.</param>
internal sealed record FencedSection(string Name, string Language, string Text, int Line)
{
    /// <summary>A string member that is a reference to a section begins with this.</summary>
    public const string Reference = "@section:";

    public const string NoLineEnd = "no-eol";

    /// <summary>Writes a section so that it reads back as exactly the same text: the fence is longer than any run of backticks inside.</summary>
    public static void Render(StringBuilder into, string name, string language, string text, string? path = null, string? lines = null)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        into.Append(fence).Append(language.Length == 0 ? "text" : language).Append(" name=").Append(Quote(name));
        if (path is not null)
        {
            into.Append(" path=").Append(Quote(path));
        }

        if (lines is not null)
        {
            into.Append(" lines=").Append(lines);
        }

        var hasLineEnd = text.Length == 0 || text[^1] == '\n';
        into.Append(hasLineEnd ? "\n" : $" {NoLineEnd}\n").Append(text).Append(hasLineEnd ? "" : "\n").Append(fence).Append('\n');
    }

    private static string Quote(string word) => word.AsSpan().ContainsAny(" \t\"=") ? $"\"{word}\"" : word;

    private static int LongestRun(string text)
    {
        var longest = 0;
        var run = 0;
        foreach (var character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
