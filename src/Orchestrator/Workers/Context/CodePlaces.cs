using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Finds the places in files that compilers, test runners and stack traces name.</summary>
internal static partial class CodePlaces
{
    /// <summary>Longer lines are somebody's data; what they begin with has to do.</summary>
    private const int LongestLine = 2_000;
    private const int MostLines = 200_000;

    /// <summary>One line of one file, as a text names it.</summary>
    internal readonly record struct Place(string File, int Line);

    /// <summary>The places named in a text, in their order, each once.</summary>
    public static IReadOnlyList<Place> Find(string text, int most = 500)
    {
        var found = new List<Place>();
        var known = new HashSet<Place>();
        var lines = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (found.Count >= most || ++lines > MostLines)
            {
                break;
            }

            if (InLine(text.AsSpan(range)) is { } place && known.Add(place))
            {
                found.Add(place);
            }
        }

        return found;
    }

    /// <summary>The place that one line of output names.</summary>
    public static Place? InLine(ReadOnlySpan<char> line)
    {
        // The expression is for lines that name a file and a number; most have no such thing.
        if (line.IndexOf('.') < 0 || !line.ContainsAnyInRange('0', '9'))
        {
            return null;
        }

        var match = Named().Match(line[..Math.Min(line.Length, LongestLine)].ToString());
        return match.Success && int.TryParse(match.Groups["line"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new Place(match.Groups["file"].Value, number)
            : null;
    }

    // A path begins where a word does; tried at every letter, a line of dots would take its length squared.
    // "in /x/Foo.cs:line 12", "File "/x/foo.py", line 12", "(/x/foo.js:12:5)", "foo.go:12 +0x1d", "Foo.cs(12,5): error".
    [GeneratedRegex(@"(?<![^\s""'()<>|:,;])(?<file>[^\s""'()<>|:,;]{1,400}\.[A-Za-z][A-Za-z0-9]{0,7})(?:"", line |:line |:|\()(?<line>[0-9]{1,7})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Named();
}
