namespace Orchestrator;

/// <summary>Finds the files that help to understand others: what they import, what imports them, their tests, and what used to change with them.</summary>
/// <remarks>Files are scored and the best taken; the order is by score, then by name, so the same tree gives the same files. Belongs to one call.</remarks>
internal sealed class RelatedFiles(IFileReader files, PathIndex index)
{
    private const int MostAnchors = 6;
    private const int MostImports = 40;

    /// <summary>Files that are read only to see whether they import an anchor.</summary>
    private const int MostLookedInto = 24;

    /// <summary>How far back history is looked at.</summary>
    private const int Commits = 300;
    private const int MostCoChanged = 5;

    private const int ForMention = 100;
    private const int ForPair = 60;
    private const int ForImport = 50;
    private const int ForImporter = 35;
    private const int ForHistory = 30;
    private const int ForFolder = 8;

    /// <summary>A file in the same folder alone is not worth its price.</summary>
    private const int Least = 20;

    private readonly Dictionary<string, (int Score, List<string> Why)> _scores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    /// <summary>The files that one of the languages knows how to import, with their language.</summary>
    private IReadOnlyList<(string Path, int Family)> Code =>
        field ??= [.. index.All.Select(path => (path.Value, Imports.FamilyOf(path.Value))).Where(file => file.Item2 >= 0 && Languages.IsCode(file.Value))];

    /// <summary>A file that others are looked for around.</summary>
    internal readonly record struct Anchor(string Path, string Text);

    /// <summary>A file that was found.</summary>
    /// <param name="Path">Where it is.</param>
    /// <param name="Why">What speaks for it, in words.</param>
    internal sealed record Found(string Path, string Why);

    /// <summary>The best files, the best first.</summary>
    /// <param name="anchors">The files that the work is about.</param>
    /// <param name="mentioned">Files that a log or a diff names.</param>
    /// <param name="known">Files that are given anyway.</param>
    /// <param name="most">The most to give.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IReadOnlyList<Found>> FindAsync(IReadOnlyList<Anchor> anchors, IReadOnlyList<string> mentioned, IReadOnlySet<string> known, int most, CancellationToken cancellationToken)
    {
        var around = new List<Anchor>(anchors.Take(MostAnchors));
        foreach (var path in mentioned.Where(path => index.Contains(path) && !known.Contains(path)))
        {
            Add(path, ForMention, "named in the input");
            if (around.Count < MostAnchors && await TextAsync(path, cancellationToken).ConfigureAwait(false) is { } text)
            {
                around.Add(new Anchor(path, text));
            }
        }

        foreach (var anchor in around)
        {
            ScoreImports(anchor);
            ScoreNames(anchor);
            await ScoreHistoryAsync(anchor, cancellationToken).ConfigureAwait(false);
        }

        await ScoreImportersAsync(around, known, cancellationToken).ConfigureAwait(false);
        var given = known.Concat(anchors.Select(anchor => anchor.Path)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. _scores.Where(each => each.Value.Score >= Least && !given.Contains(each.Key))
                .OrderByDescending(each => each.Value.Score)
                .ThenBy(each => each.Key, StringComparer.Ordinal)
                .Take(most)
                .Select(each => new Found(each.Key, string.Join("; ", each.Value.Why.Distinct().Take(3)))),
        ];
    }

    /// <summary>The text of a file; nothing where it is no text.</summary>
    public async ValueTask<string?> TextAsync(string path, CancellationToken cancellationToken)
    {
        if (_texts.TryGetValue(path, out var known))
        {
            return known;
        }

        string? text = null;
        try
        {
            text = (await files.ReadAsync(RepoPath.Parse(path, null), cancellationToken).ConfigureAwait(false))?.Text;
            text = text?.Contains('\0', StringComparison.Ordinal) == true ? null : text;
        }
        catch (OrchestratorException)
        {
            // No text.
        }

        return _texts[path] = text;
    }

    /// <summary>What a file is about, whether it is the code or its test: <c>DraftsTests.cs</c>, <c>test_drafts.py</c> and <c>drafts.ts</c> are about drafts.</summary>
    public static string SubjectOf(string path)
    {
        var name = PathIndex.StemOf(path).ToLowerInvariant();
        foreach (var (before, after) in ((string, string)[])[("test_", ""), ("", "_test"), ("", "_spec"), ("", "tests"), ("", "test"), ("", "spec")])
        {
            if (name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal))
            {
                return name[before.Length..^after.Length];
            }
        }

        return name;
    }

    private void ScoreImports(Anchor anchor)
    {
        foreach (var imported in Imports.Of(anchor.Path, anchor.Text, index).OrderByDescending(path => PathIndex.SharedFolders(path, anchor.Path)).ThenBy(path => path, StringComparer.Ordinal).Take(MostImports))
        {
            Add(imported, ForImport + Math.Min(6, PathIndex.SharedFolders(imported, anchor.Path)), $"used by {anchor.Path}");
        }
    }

    private void ScoreNames(Anchor anchor)
    {
        var subject = SubjectOf(anchor.Path);
        var folder = PathIndex.FolderOf(anchor.Path);
        var language = Imports.FamilyOf(anchor.Path);
        foreach (var (path, family) in Code)
        {
            if (path == anchor.Path || family != language)
            {
                continue;
            }

            if (subject.Length > 2 && path.Contains(subject, StringComparison.OrdinalIgnoreCase) && SubjectOf(path) == subject)
            {
                Add(path, ForPair, $"named like {anchor.Path}");
            }

            if (PathIndex.FolderOf(path) == folder)
            {
                Add(path, ForFolder, $"beside {anchor.Path}");
            }
        }
    }

    private async ValueTask ScoreHistoryAsync(Anchor anchor, CancellationToken cancellationToken)
    {
        var together = await files.CoChangedAsync(RepoPath.Parse(anchor.Path, null), Commits, cancellationToken).ConfigureAwait(false);
        var rank = 0;
        foreach (var path in together.Select(path => path.Value).Where(path => index.Contains(path) && Languages.IsCode(path)).Take(MostCoChanged))
        {
            Add(path, ForHistory - (5 * rank++), $"has often changed together with {anchor.Path}");
        }
    }

    /// <summary>Looks into the files that are likeliest to lean on an anchor: those found so far, then the nearest ones.</summary>
    private async ValueTask ScoreImportersAsync(List<Anchor> anchors, IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        var languages = anchors.Select(anchor => Imports.FamilyOf(anchor.Path)).ToHashSet();
        var paths = anchors.Select(anchor => anchor.Path).ToHashSet(StringComparer.Ordinal);
        var likely = Code.Where(file => languages.Contains(file.Family) && !known.Contains(file.Path) && (paths.Count > 1 || !paths.Contains(file.Path)))
            .Select(file => file.Path)
            .OrderByDescending(path => _scores.TryGetValue(path, out var score) ? score.Score : 0)
            .ThenByDescending(path => anchors.Max(anchor => PathIndex.SharedFolders(anchor.Path, path)))
            .ThenBy(path => path, StringComparer.Ordinal)
            .Take(MostLookedInto)
            .ToList();
        foreach (var path in likely)
        {
            if (await TextAsync(path, cancellationToken).ConfigureAwait(false) is not { } text)
            {
                continue;
            }

            var imports = Imports.Of(path, text, index);
            foreach (var anchor in anchors.Where(anchor => anchor.Path != path && imports.Contains(anchor.Path)))
            {
                Add(path, ForImporter, $"uses {anchor.Path}");
            }
        }
    }

    private void Add(string path, int score, string why)
    {
        var (before, reasons) = _scores.TryGetValue(path, out var known) ? known : (0, []);
        reasons.Add(why);
        _scores[path] = (before + score, reasons);
    }
}
