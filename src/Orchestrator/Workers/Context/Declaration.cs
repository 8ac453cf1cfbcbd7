using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Tells lines that declare something from all others, roughly and in many languages.</summary>
internal static partial class Declaration
{
    public static bool Is(string line) => line.Length is > 4 and < 400 && char.IsAsciiLetter(line.AsSpan().TrimStart() is [var first, ..] ? first : ' ') && Declares().IsMatch(line);

    [GeneratedRegex(
        """
        ^(?:\s{0,8}|\t{0,2})(?:
          (?:(?:export|default|abstract|public|private|protected|internal|static|sealed|final|partial|readonly|async|unsafe|pub(?:\([a-z]+\))?|open|data|declare)\s+)*
          (?:class|interface|record|struct|enum|trait|impl|object|module|namespace|type|fn|func|function|def|async\s+def)\s+\S
        | (?:(?:public|private|protected|internal|static|virtual|override|abstract|sealed|async|final|synchronized)\s+)+[\w<>\[\],.?\s]+\w\s*\(
        | export\s+(?:const|let|function|async|default)\s
        )
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 2_000)]
    private static partial Regex Declares();
}
