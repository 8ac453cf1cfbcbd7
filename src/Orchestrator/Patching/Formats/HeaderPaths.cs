using System.Text.RegularExpressions;

namespace Orchestrator.Patching;

/// <summary>Finds the path that a pair of header names means: with git's prefixes, others, or none.</summary>
internal static partial class HeaderPaths
{
    private static readonly HashSet<string> _prefixes = new(StringComparer.Ordinal) { "a", "b", "i", "w", "c", "o", "old", "new", "orig", "original", "modified", "before", "after" };

    /// <summary>A name after <c>---</c> or <c>+++</c>; time stamps and revisions behind it are cut off. Null for <c>/dev/null</c>.</summary>
    public static bool TryName(ReadOnlySpan<byte> text, out string? name)
    {
        text = Trim.End(text, (byte)'\r');
        var tab = text.IndexOf((byte)'\t');
        if (tab >= 0 && !text.StartsWith("\""u8))
            text = text[..tab];
        name = QuotedPath.Read(text, out _);
        if (name is null)
            return false;
        if (tab < 0)
            name = StampPattern().Replace(name, "");
        if (name is "/dev/null" or "dev/null" or "NUL")
            name = null;
        return true;
    }

    /// <summary>One path out of two names, with other readings in the order of their likelihood; null when they contradict each other.</summary>
    public static string? Common(string? oldName, string? newName, out IReadOnlyList<string> alternatives)
    {
        alternatives = [];
        if (oldName is null || newName is null)
        {
            var only = oldName ?? newName;
            if (only is null)
                return null;
            // One name alone does not show its prefix: only git's own is taken for one.
            if (!only.StartsWith(oldName is null ? "b/" : "a/", StringComparison.Ordinal))
                return only;
            alternatives = [only];
            return Strip(only);
        }
        if (oldName == newName)
        {
            if (HasPrefix(oldName))
                alternatives = [Strip(oldName)];
            return oldName;
        }
        var (oldRest, newRest) = (Strip(oldName), Strip(newName));
        if (oldRest == newRest && oldRest.Length > 0 && oldRest != oldName)
        {
            if (!HasPrefix(oldName) || !HasPrefix(newName))
                alternatives = [newName, oldName];
            return oldRest;
        }
        if (HasPrefix(oldName) && oldRest == newName)
            return newName;
        if (HasPrefix(newName) && newRest == oldName)
            return oldName;
        if (oldName == newName + ".orig" || oldName == newName + ".old" || oldName == newName + "~" || oldName == newName + ".bak")
            return Common(newName, newName, out alternatives);
        return HasPrefix(oldName) && HasPrefix(newName) && (oldRest == newRest + ".orig" || oldRest == newRest + ".old") ? newRest : null;
    }

    public static bool HasPrefix(string name) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && _prefixes.Contains(name[..slash]);

    public static string Strip(string name) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? name[(slash + 1)..] : name;

    /// <summary>The two names of a <c>diff --git</c> line. Unquoted names may hold blanks, so the split is where both halves agree.</summary>
    public static bool TryGitLine(ReadOnlySpan<byte> rest, out string? oldName, out string? newName)
    {
        (oldName, newName) = (null, null);
        if (rest.Length > 0 && rest[0] == '"')
        {
            oldName = QuotedPath.Read(rest, out var second);
            newName = second.Length > 1 && second[0] == ' ' ? QuotedPath.Read(second[1..], out _) : null;
            return oldName is not null && newName is not null;
        }
        if (rest.Length > 0 && rest[^1] == '"')
        {
            var quote = rest.IndexOf(" \""u8);
            oldName = quote < 0 ? null : QuotedPath.Decode(rest[..quote]);
            newName = quote < 0 ? null : QuotedPath.Read(rest[(quote + 1)..], out _);
            return oldName is not null && newName is not null;
        }
        var text = QuotedPath.Decode(rest);
        if (text is null)
            return false;
        var blanks = 0;
        for (var at = text.IndexOf(' ', StringComparison.Ordinal); at >= 0; at = text.IndexOf(' ', at + 1))
        {
            blanks++;
            var (left, right) = (text[..at], text[(at + 1)..]);
            if (left.Length > 0 && right.Length > 0 && (left == right || (Strip(left) == Strip(right) && Strip(left) != left && Strip(right) != right)))
            {
                (oldName, newName) = (left, right);
                return true;
            }
        }
        if (blanks == 1)
        {
            var parts = text.Split(' ');
            (oldName, newName) = (parts[0], parts[1]);
        }
        return true;
    }

    /// <summary>Cleans a path a model wrote by hand: quotes, backticks, emphasis, a label before or a colon behind.</summary>
    public static string? Loose(ReadOnlySpan<byte> line)
    {
        var text = QuotedPath.Decode(line)?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        text = LabelPattern().Replace(text, "").Trim();
        text = text.Trim('*', '`', '"', '\'', '#', ' ').TrimEnd(':').Trim('*', '`', '"', '\'', ' ');
        return text.Length == 0 ? null : text;
    }

    /// <summary>Whether a cleaned line looks like a path rather than prose.</summary>
    public static bool LooksLikePath(string? text) =>
        text is { Length: > 0 and < 1024 } && !text.Any(c => c is '<' or '>' or '|' or '?' or '*' or '(' or ')' or '{' or '}' or ';' or ',' or '=')
        && (!text.Contains(' ', StringComparison.Ordinal) || (text.Contains('/', StringComparison.Ordinal) && text.Count(c => c == ' ') <= 3))
        && (text.Contains('/', StringComparison.Ordinal) || text.Contains('.', StringComparison.Ordinal) || text is "Makefile" or "Dockerfile" or "LICENSE" or "README")
        && !text.EndsWith('.') && !text.Contains("://", StringComparison.Ordinal);

    /// <summary>Every word of a line that can only be a path.</summary>
    public static IEnumerable<string> Mentioned(ReadOnlySpan<byte> line) =>
        (QuotedPath.Decode(line) ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim('`', '"', '\'', '*', '(', ')', ',', ':', ';', '.', '[', ']'))
            .Where(word => LooksLikePath(word) && (word.Contains('/', StringComparison.Ordinal) || ExtensionPattern().IsMatch(word)));

    [GeneratedRegex(@"\w\.[A-Za-z][A-Za-z0-9]{0,7}$", RegexOptions.CultureInvariant)]
    private static partial Regex ExtensionPattern();

    [GeneratedRegex(@"(\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?[+-]\d{4}|Z)?|\s+\((revision \d+|working copy|nonexistent)\))\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex StampPattern();

    [GeneratedRegex(@"^[#/*\-\s`]*(file ?name|file ?path|file|path)\s*:\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();
}
