using Microsoft.Extensions.FileSystemGlobbing;

namespace Orchestrator;

/// <summary>Finds the reports that a command left: in its results folder, and untracked in the checkout where the repository's globs say so.</summary>
/// <param name="options">The repository's settings.</param>
/// <param name="checkout">The root of the checkout.</param>
/// <param name="results">The folder that the command was told to write reports into.</param>
/// <param name="isTracked">Whether a path belongs to the tree: a report kept in the repository is data for tests, not their result.</param>
internal sealed class ReportFiles(GitRepositoryOptions options, string checkout, string results, Func<string, bool> isTracked)
{
    // A report larger than this is not one of tests.
    private const long LargestFile = 256L * 1024 * 1024;

    /// <summary>Deletes the reports of earlier runs, so that what is read afterwards belongs to this one.</summary>
    public void DeleteStale(OwnerFolder owner)
    {
        foreach (var path in InCheckout())
        {
            owner.Delete(path);
        }
    }

    public ReportContents Read()
    {
        var cases = new SortedDictionary<string, TestReport.Case>(StringComparer.Ordinal);
        var notes = new List<string>();
        var files = 0;
        if (options.Results == TestResultFormat.ExitCode)
        {
            return new ReportContents(0, [], false, []);
        }

        foreach (var path in Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories).Concat(InCheckout()).Order(StringComparer.Ordinal))
        {
            var kind = KindOf(path);
            if (kind == TestResultFormat.Auto)
            {
                continue;
            }

            try
            {
                if (new FileInfo(path).Length > LargestFile)
                {
                    throw new InvalidDataException("it is larger than 256 MB");
                }

                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var report = kind == TestResultFormat.Trx ? TrxReport.Read(stream) : JUnitReport.Read(stream);
                if (!report.IsReport)
                {
                    continue;
                }

                files++;
                foreach (var test in report.Cases)
                {
                    // One test run for several frameworks counts by its worst result.
                    cases[test.Id] = cases.TryGetValue(test.Id, out var known) && Weight(known.Outcome) >= Weight(test.Outcome) ? known : test;
                }

                if (report.Problem is { } problem)
                {
                    notes.Add($"[The report {Path.GetFileName(path)} is broken ({problem}); what could be read of it is listed, and the exit code decides.]");
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                notes.Add($"[The report {Path.GetFileName(path)} could not be read ({failure.Message}); the exit code decides.]");
            }
        }

        return new ReportContents(files, [.. cases.Values], notes.Count > 0, notes);
    }

    private List<string> InCheckout()
    {
        var found = new List<string>();
        if (options.Reports.Count == 0)
        {
            return found;
        }

        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(options.Reports);
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(checkout)]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                // A link leads to files of the user's, or round in circles.
                if (entry.LinkTarget is null && entry is DirectoryInfo inner)
                {
                    folders.Push(inner);
                }
                else if (entry.LinkTarget is null
                    && Path.GetRelativePath(checkout, entry.FullName).Replace(Path.DirectorySeparatorChar, '/') is var path
                    && matcher.Match(path).HasMatches
                    && !isTracked(path))
                {
                    found.Add(entry.FullName);
                }
            }
        }

        return found;
    }

    private TestResultFormat KindOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".TRX" when options.Results != TestResultFormat.JUnit => TestResultFormat.Trx,
        ".XML" when options.Results != TestResultFormat.Trx => TestResultFormat.JUnit,
        _ => TestResultFormat.Auto,
    };

    private static int Weight(TestReport.CaseResult outcome) => outcome switch
    {
        TestReport.CaseResult.Failed => 2,
        TestReport.CaseResult.Passed => 1,
        _ => 0,
    };
}
