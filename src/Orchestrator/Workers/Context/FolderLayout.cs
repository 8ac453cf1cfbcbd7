using System.Globalization;

namespace Orchestrator;

/// <summary>Writes where the files of a repository lie: every file of a small one, the folders that hold most of a large one.</summary>
internal static class FolderLayout
{
    /// <summary>Up to so many files, all are named.</summary>
    public const int MostNamed = 400;

    private const int MostFolders = 60;
    private const int MostInFolder = 14;
    private const int DeepestFolder = 5;
    private const int MostRootFiles = 30;

    public static IEnumerable<string> Of(IReadOnlyList<RepoPath> paths) => paths.Count <= MostNamed ? Named(paths) : Folders(paths);

    private static IEnumerable<string> Named(IReadOnlyList<RepoPath> paths) => paths
        .GroupBy(path => PathIndex.FolderOf(path.Value))
        .OrderBy(folder => folder.Key, StringComparer.Ordinal)
        .Select(folder => $"{(folder.Key.Length == 0 ? "(root)" : folder.Key + "/")} {string.Join(", ", folder.Select(path => path.Name))}");

    private static IEnumerable<string> Folders(IReadOnlyList<RepoPath> paths)
    {
        var root = Count(paths);
        var open = new PriorityQueue<Folder, (int, string)>();
        open.Enqueue(root, default);
        var shown = 0;
        while (shown < MostFolders && open.TryDequeue(out var folder, out _))
        {
            // The largest children first: of ten thousand packages the names say little.
            folder.Shown = [.. folder.Children.Values.OrderByDescending(child => child.Files).ThenBy(child => child.Path, StringComparer.Ordinal).Take(Math.Min(MostInFolder, MostFolders - shown))];
            shown += folder.Shown.Count;
            foreach (var child in folder.Shown.Where(child => child.Children.Count > 0 && child.Depth < DeepestFolder))
            {
                open.Enqueue(child, (-child.Files, child.Path));
            }
        }

        var own = paths.Where(path => !path.Value.Contains('/', StringComparison.Ordinal)).Select(path => path.Name).ToList();
        if (own.Count > 0)
        {
            yield return $"(root) {string.Join(", ", own.Take(MostRootFiles))}{(own.Count > MostRootFiles ? $" and {Show(own.Count - MostRootFiles)} more" : "")}";
        }

        foreach (var line in Write(root))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Write(Folder folder)
    {
        var indent = new string(' ', 2 * folder.Depth);
        foreach (var child in folder.Shown.OrderBy(child => child.Path, StringComparer.Ordinal))
        {
            yield return $"{indent}{PathIndex.NameOf(child.Path)}/ {Show(child.Files)} {(child.Files == 1 ? "file" : "files")}";
            foreach (var line in Write(child))
            {
                yield return line;
            }
        }

        if (folder.Shown.Count > 0 && folder.Children.Count > folder.Shown.Count)
        {
            yield return $"{indent}… and {Show(folder.Children.Count - folder.Shown.Count)} more folders";
        }
    }

    private static Folder Count(IReadOnlyList<RepoPath> paths)
    {
        var root = new Folder("", 0);
        foreach (var path in paths)
        {
            var at = root;
            for (var slash = path.Value.IndexOf('/'); slash >= 0; slash = path.Value.IndexOf('/', slash + 1))
            {
                var part = path.Value[..slash];
                if (!at.Children.TryGetValue(part, out var child))
                {
                    at.Children.Add(part, child = new Folder(part, at.Depth + 1));
                }

                child.Files++;
                at = child;
                if (at.Depth > DeepestFolder)
                {
                    break;
                }
            }
        }

        return root;
    }

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Folder(string path, int depth)
    {
        public string Path { get; } = path;

        public int Depth { get; } = depth;

        public int Files { get; set; }

        public Dictionary<string, Folder> Children { get; } = new(StringComparer.Ordinal);

        public IReadOnlyList<Folder> Shown { get; set; } = [];
    }
}
