namespace Orchestrator;

/// <summary>The words of a text, as programming languages and people write them.</summary>
internal static class Words
{
    private const int LongestText = 200_000;

    public static IEnumerable<string> In(string text)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var isLetter = at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
            if (isLetter && start < 0)
            {
                start = at;
            }
            else if (!isLetter && start >= 0)
            {
                yield return text[start..at];
                start = -1;
            }
        }
    }

    /// <summary>The words that look as if they came from code: with a capital inside, an underscore or a digit, or quoted.</summary>
    public static IReadOnlySet<string> FromCode(string text)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        text = TextCut.Head(text, LongestText);
        foreach (var word in In(text))
        {
            if (word.Length is >= 3 and <= 80 && !char.IsAsciiDigit(word[0]) && LooksLikeCode(word))
            {
                found.Add(word);
            }
        }

        foreach (var quote in (char[])['`', '\'', '"'])
        {
            var parts = text.Split(quote);
            for (var at = 1; at < parts.Length - 1; at += 2)
            {
                found.UnionWith(parts[at].Length <= 80 ? In(parts[at]).Where(word => word.Length >= 3) : []);
            }
        }

        return found;
    }

    private static bool LooksLikeCode(string word)
    {
        for (var at = 1; at < word.Length; at++)
        {
            if (word[at] == '_' || char.IsAsciiDigit(word[at]) || (char.IsUpper(word[at]) && char.IsLower(word[at - 1])))
            {
                return true;
            }
        }

        return false;
    }
}
