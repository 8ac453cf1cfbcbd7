using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>What a line of a build's or a test run's output is worth to somebody who has to mend what failed.</summary>
internal static partial class OutputLine
{
    /// <summary>The more, the better.</summary>
    internal enum Worth
    {
        /// <summary>Progress, restores, tests that passed.</summary>
        Noise,

        /// <summary>A frame of a stack trace outside of the repository.</summary>
        ForeignFrame,

        /// <summary>Anything else.</summary>
        Plain,

        /// <summary>A frame of a stack trace in the repository.</summary>
        OwnFrame,

        /// <summary>An error, an exception, the name of a failing test, what was expected and what came.</summary>
        Failure,
    }

    public static Worth Of(string line, Func<string, bool>? isOurs)
    {
        var text = line.Length > 600 ? line[..600] : line;
        if (Noise().IsMatch(text))
        {
            return Worth.Noise;
        }

        if (Frame().IsMatch(text))
        {
            return CodePlaces.InLine(text) is { } place && (isOurs?.Invoke(place.File) ?? !Foreign().IsMatch(place.File)) ? Worth.OwnFrame : Worth.ForeignFrame;
        }

        return Failure().IsMatch(text) ? Worth.Failure : Worth.Plain;
    }

    [GeneratedRegex(
        """
        ^\s*(?:
          (?:Passed|Skipped|Discovering|Discovered|Starting|Finished|Restored|Restoring|Determining\sprojects|All\sprojects\sare|Build\sstarted|Build\ssucceeded|Installing|Collecting|Downloading|Downloaded|Compiling|Fresh|Requirement\salready|Using\scached|Resolving|Fetching|Test\srun\sfor|Starting\stest\sexecution|A\stotal\sof\s\d+\stest\sfiles)\b
          | (?:ok|✓|✔|√|PASS)\s | ===\s(?:RUN|PAUSE|CONT)\b | ---\s(?:PASS|SKIP):
          | test\s\S+\s\.\.\.\sok$
          | \S+\s\([^)]*\)\s\.\.\.\sok$
          | \S+\s(?:PASSED|SKIPPED)\b
          | (?:added|audited|up\sto\sdate)[,\s]+\d* | npm\s(?:warn|notice)
          | \S+\s->\s\S+\.(?:dll|exe)$
          | \S+\(\d+,\d+\):\swarning\s | warning\b
          | \.{3,}$ | [.sx]{10,}(?:\s+\[\s*\d+%\])?$
        )
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 2_000)]
    private static partial Regex Noise();

    [GeneratedRegex(
        """
        ^\s*(?:
          at\s\S
          | File\s"[^"]*",\sline\s\d
          | (?:\#?\d+:?\s+)?[^\s/\\]*[/\\](?>\S+)(?<=[^\s/\\]:\d+)\s*(?:\+0x[0-9a-f]+)?$
          | \d+:\s+(?:0x[0-9a-f]+\s-\s)?\S+::
        )
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 2_000)]
    private static partial Regex Frame();

    [GeneratedRegex(
        """
        \berror\b | \bfatal\b | \bpanic(?:ked)?\b | \bfail(?:ed|s|ure|ures|ing)?\b | exception\b | \w(?:Error|Exception)\b | traceback
        | \bassert | \bexpected\b | \bactual\b | \breceived\b | ^\s*E\s | ^\s*>\s | ^\s*not\sok\b | ^\s*[✕✗✘×●] | \bsegmentation\sfault\b | \bunhandled\b | \bcaused\sby\b
        | ^\s*(?:left|right|want|got)\b\s*[:=]
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase, 2_000)]
    private static partial Regex Failure();

    [GeneratedRegex(@"site-packages|dist-packages|node_modules|[/\\]usr[/\\]|[/\\]lib[/\\]python|\.cargo|[/\\]rustc[/\\]|[/\\]_work[/\\]|[/\\]go[/\\](?:src|pkg)[/\\]|\.nuget|<frozen|^node:", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Foreign();
}
