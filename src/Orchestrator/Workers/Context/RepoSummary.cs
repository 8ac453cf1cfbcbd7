using System.Globalization;

namespace Orchestrator;

/// <summary>What a repository is, in a few hundred words: size, languages, how it is built and tested, where things lie.</summary>
/// <param name="Text">The summary, one fact a line, the more important first.</param>
/// <param name="Reads">The files that were read for it.</param>
/// <remarks>The same tree has the same summary, so one may be kept for the other runs on that tree; whoever uses a kept one has read the same files by it.</remarks>
internal sealed record RepoSummary(string Text, IReadOnlyList<SourceFile.Reading> Reads)
{
    /// <summary>Never more tokens than this, however large the repository.</summary>
    public const int MostTokens = 4_000;

    private const int MostLanguages = 6;
    private const int MostLine = 1_200;
    private const int MostAbout = 300;

    public static async ValueTask<RepoSummary> OfAsync(IFileReader files, CancellationToken cancellationToken)
    {
        var paths = await files.ListAsync(cancellationToken).ConfigureAwait(false);
        var reads = new List<SourceFile.Reading>();
        var lines = new List<string> { SizeOf(paths) };
        if (paths.Count > 0)
        {
            lines.AddRange(LanguagesOf(paths));
            var commands = await FoundCommands.FindAsync(paths, ReadAsync).ConfigureAwait(false);
            lines.AddRange(commands.Select(found => $"{found.Purpose}: {found.Command} (found by {found.Because})"));
            if (paths.FirstOrDefault(path => path.Value.StartsWith("README", StringComparison.OrdinalIgnoreCase) && !path.Value.Contains('/', StringComparison.Ordinal)) is { Value.Length: > 0 } readme)
            {
                lines.AddRange(AboutOf(readme.Value, await ReadAsync(readme.Value).ConfigureAwait(false)));
            }

            lines.Add("Layout:");
            lines.AddRange(FolderLayout.Of(paths));
        }

        return new RepoSummary(Bound(lines, MostTokens), reads);

        async ValueTask<string> ReadAsync(string path)
        {
            try
            {
                var file = await files.ReadAsync(RepoPath.Parse(path, null), cancellationToken).ConfigureAwait(false);
                if (file is not null && reads.TrueForAll(read => read.Path != file.Path))
                {
                    reads.Add(new SourceFile.Reading(file.Path, file.Hash));
                }

                return file?.Text ?? "";
            }
            catch (OrchestratorException)
            {
                // No text, so it says nothing.
                return "";
            }
        }
    }

    /// <summary>As many lines as fit, and a line that counts the rest.</summary>
    public static string Bound(IEnumerable<string> lines, int tokens)
    {
        const int ForTheRest = 12;
        var all = lines.Select(line => line.Length > MostLine ? TextCut.Head(line, MostLine) + " …" : line).ToList();
        if (all.Sum(line => TokenEstimate.Of(line) + 1) <= tokens)
        {
            return string.Join('\n', all);
        }

        var kept = 0;
        for (var left = tokens - ForTheRest; kept < all.Count && (left -= TokenEstimate.Of(all[kept]) + 1) >= 0; kept++)
        {
        }

        return kept == 0 ? "" : string.Join('\n', all.Take(kept).Append($"… and {Show(all.Count - kept)} more lines"));
    }

    private static string SizeOf(IReadOnlyList<RepoPath> paths)
    {
        var folders = paths.Select(path => PathIndex.FolderOf(path.Value)).Where(folder => folder.Length > 0).Distinct().Count();
        return $"Size: {Show(paths.Count)} {(paths.Count == 1 ? "file" : "files")} in {Show(folders)} {(folders == 1 ? "folder" : "folders")}";
    }

    private static IEnumerable<string> LanguagesOf(IReadOnlyList<RepoPath> paths)
    {
        var counts = paths.CountBy(path => Languages.Of(path.Value)).Where(each => each.Key.Length > 0).OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal).ToList();
        if (counts.Count > 0)
        {
            yield return $"Languages, by files: {string.Join(", ", counts.Take(MostLanguages).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key} {Math.Max(1, 100L * each.Value / paths.Count)}%")))}";
        }
    }

    /// <summary>The first paragraph of prose, which says what it is for.</summary>
    private static IEnumerable<string> AboutOf(string readme, string text)
    {
        var prose = text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).SkipWhile(line => line.Length == 0 || !char.IsLetter(line[0])).TakeWhile(line => line.Length > 0);
        var about = string.Join(' ', prose);
        if (about.Length > 0)
        {
            yield return $"About ({readme}): {(about.Length > MostAbout ? TextCut.Head(about, MostAbout) + " …" : about)}";
        }
    }

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
