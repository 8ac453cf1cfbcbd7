namespace Orchestrator;

/// <summary>C# names types, not files: a word of the code that is the name of a file is taken for the type in it.</summary>
internal static class CSharpImports
{
    public static IEnumerable<string> Of(string path, string text, PathIndex index)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.AsSpan().TrimStart().StartsWith("//", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var word in Words.In(line))
            {
                if (word.Length > 1 && char.IsUpper(word[0]) && words.Add(word) && PathIndex.Nearest(index.EndingIn(word + ".cs"), path) is { } file)
                {
                    yield return file;
                }
            }
        }
    }
}
