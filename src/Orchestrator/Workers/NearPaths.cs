namespace Orchestrator;

/// <summary>Finds the paths that somebody may have meant.</summary>
internal static class NearPaths
{
    private const int MaxCompared = 20_000;

    /// <summary>Up to three existing paths that resemble a missing one, the most similar first.</summary>
    public static IReadOnlyList<RepoPath> To(RepoPath missing, IReadOnlyList<RepoPath> existing)
    {
        var name = missing.Name;
        return
        [
            .. existing
                .Take(MaxCompared)
                .Select(path => (Path: path, Distance: string.Equals(path.Name, name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(path.Name, name)))
                .Where(each => each.Distance <= Math.Max(1, name.Length / 3))
                .OrderBy(each => each.Distance)
                .ThenBy(each => Distance(each.Path.Value, missing.Value))
                .ThenBy(each => each.Path)
                .Take(3)
                .Select(each => each.Path),
        ];
    }

    /// <summary>How many letters have to be put in, taken out or changed, whatever their case.</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 40 || left.Length > 400)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        foreach (var letter in left)
        {
            var diagonal = row[0]++;
            for (var column = 1; column <= right.Length; column++)
            {
                var changed = diagonal + (char.ToLowerInvariant(letter) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(changed, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
