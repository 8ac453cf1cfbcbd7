namespace Orchestrator;

/// <summary>Counts which files change together.</summary>
internal static class CoChange
{
    /// <summary>A commit that changes more files than this is a move or a reformatting, and says nothing about any two of them.</summary>
    public const int MostFiles = 60;

    /// <summary>Once may be chance.</summary>
    private const int Least = 2;

    /// <summary>The files that share commits with one, those that share most first.</summary>
    /// <param name="commits">The files of each commit.</param>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<RepoPath> With(IEnumerable<IReadOnlyCollection<RepoPath>> commits, RepoPath path) =>
    [
        .. commits.Where(files => files.Count is > 1 and <= MostFiles && files.Contains(path))
            .SelectMany(files => files.Distinct())
            .Where(file => file != path)
            .CountBy(file => file)
            .Where(count => count.Value >= Least)
            .OrderByDescending(count => count.Value)
            .ThenBy(count => count.Key)
            .Select(count => count.Key),
    ];
}
