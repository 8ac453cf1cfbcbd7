using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Cuts the output of builds, tests and crashes to what matters: failures, their messages, and the frames that lie in the repository.</summary>
internal static class FailureText
{
    private const int LongestLine = 600;

    /// <summary>Lines around a failure that explain it.</summary>
    private const int Before = 2;
    private const int After = 6;

    /// <summary>The same line more often than this says nothing new.</summary>
    private const int Repeats = 2;

    /// <summary>A text that says the same and is never longer than that many characters.</summary>
    /// <param name="text">The output.</param>
    /// <param name="most">The most characters.</param>
    /// <param name="isOurs">Whether a file that a stack trace names lies in the repository; guessed from its path where nobody knows.</param>
    public static string Cut(string text, int most, Func<string, bool>? isOurs = null)
    {
        if (text.Length <= most && text.Length <= LongestLine)
        {
            return text;
        }

        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var worth = Weigh(lines, isOurs);
        var tidy = Join(lines, worth, level => level > 0);
        for (var level = 2; tidy.Length > most && level <= 4; level++)
        {
            var least = level;
            tidy = Join(lines, worth, each => each >= least);
        }

        return tidy.Length > 0 ? TextCut.Middle(tidy, most) : TextCut.Middle(text, most);
    }

    /// <summary>How much each line is worth: 0 goes always, 4 goes last.</summary>
    private static int[] Weigh(string[] lines, Func<string, bool>? isOurs)
    {
        var kinds = Array.ConvertAll(lines, line => OutputLine.Of(line, isOurs));
        if (!Array.Exists(kinds, kind => kind == OutputLine.Worth.Failure))
        {
            // Nothing in it is known to be a failure, so nothing else is known to be noise.
            return Array.ConvertAll(kinds, _ => 4);
        }

        var worth = new int[lines.Length];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < lines.Length; at++)
        {
            worth[at] = kinds[at] switch
            {
                OutputLine.Worth.Failure => 4,
                OutputLine.Worth.OwnFrame => 3,
                OutputLine.Worth.Plain => string.IsNullOrWhiteSpace(lines[at]) ? 1 : IsNear(kinds, at) ? 2 : 1,
                _ => 0,
            };

            // A recursion writes the same frames a thousand times.
            if (worth[at] >= 2 && (seen[lines[at]] = seen.GetValueOrDefault(lines[at]) + 1) > Repeats)
            {
                worth[at] = 0;
            }
        }

        return worth;
    }

    private static bool IsNear(OutputLine.Worth[] kinds, int at)
    {
        for (var other = Math.Max(0, at - After); other <= Math.Min(kinds.Length - 1, at + Before); other++)
        {
            if (kinds[other] == OutputLine.Worth.Failure)
            {
                return true;
            }
        }

        return false;
    }

    private static string Join(string[] lines, int[] worth, Func<int, bool> keep)
    {
        var text = new StringBuilder();
        var left = 0;
        for (var at = 0; at < lines.Length; at++)
        {
            if (!keep(worth[at]))
            {
                left++;
                continue;
            }

            Mark(text, ref left);
            text.Append(lines[at].Length > LongestLine ? TextCut.Middle(lines[at], LongestLine).ReplaceLineEndings(" ") : lines[at]).Append('\n');
        }

        if (text.Length > 0)
        {
            Mark(text, ref left);
        }

        return text.ToString();
    }

    private static void Mark(StringBuilder text, ref int left)
    {
        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[… {left} lines left out …]\n");
            left = 0;
        }
    }
}
