namespace Orchestrator;

/// <summary>Finds files of one revision by name, by the end of their path, or by what a log calls them.</summary>
internal sealed class PathIndex
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.Ordinal);

    /// <summary>A log names the same few files again and again.</summary>
    private readonly Dictionary<string, string?> _meant = new(StringComparer.Ordinal);

    public PathIndex(IReadOnlyList<RepoPath> paths)
    {
        All = paths;
        foreach (var path in paths)
        {
            _paths.Add(path.Value);
            var name = NameOf(path.Value);
            if (!_byName.TryGetValue(name, out var same))
            {
                _byName.Add(name, same = []);
            }

            same.Add(path.Value);
        }
    }

    /// <summary>Every path, in ordinal order.</summary>
    public IReadOnlyList<RepoPath> All { get; }

    public bool Contains(string path) => _paths.Contains(path);

    /// <summary>The files whose path is, or ends in, these parts.</summary>
    public IEnumerable<string> EndingIn(string end) => _byName.TryGetValue(NameOf(end), out var same)
        ? same.Where(path => EndsIn(path, end))
        : [];

    /// <summary>The one of several files that is nearest to another; of equally near ones the first by name.</summary>
    public static string? Nearest(IEnumerable<string> paths, string to)
    {
        string? best = null;
        var most = -1;
        foreach (var path in paths)
        {
            var shared = SharedFolders(path, to);
            if (path != to && shared > most)
            {
                (best, most) = (path, shared);
            }
        }

        return best;
    }

    /// <summary>The file that a compiler, a stack trace or a person means by a path; nothing where it could be several.</summary>
    public string? Meant(string mention)
    {
        if (!_meant.TryGetValue(mention, out var path))
        {
            _meant[mention] = path = Find(mention);
        }

        return path;
    }

    private string? Find(string mention)
    {
        var wanted = mention.Replace('\\', '/');
        wanted = wanted.StartsWith("./", StringComparison.Ordinal) ? wanted[2..] : wanted.TrimStart('/');
        if (wanted.Length == 0 || !_byName.TryGetValue(NameOf(wanted), out var same))
        {
            return null;
        }

        // Built elsewhere, a path has more in front of it; written by a person, it may have less.
        var longest = same.Where(path => EndsIn(wanted, path)).OrderByDescending(path => path.Length).FirstOrDefault();
        if (longest is not null && (longest.Contains('/', StringComparison.Ordinal) || same.Count == 1 || longest == wanted))
        {
            return longest;
        }

        return same.Where(path => EndsIn(path, wanted)).Take(2).ToList() is [var only] ? only : null;
    }

    /// <summary>How many folders two paths have in common, from the root.</summary>
    public static int SharedFolders(string left, string right)
    {
        var shared = 0;
        for (var at = 0; at < Math.Min(left.Length, right.Length) && left[at] == right[at]; at++)
        {
            shared += left[at] == '/' ? 1 : 0;
        }

        return shared;
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string FolderOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    public static string StemOf(string path) => NameOf(path) is var name && name.IndexOf('.', Math.Min(1, name.Length)) is var dot and > 0 ? name[..dot] : NameOf(path);

    public static string ExtensionOf(string path) => NameOf(path) is var name && name.LastIndexOf('.') is var dot and > 0 ? name[dot..].ToLowerInvariant() : "";

    /// <summary>A path from a folder, with <c>.</c> and <c>..</c> resolved; nothing where it leaves the repository.</summary>
    public static string? Resolve(string folder, string relative)
    {
        var parts = new List<string>(folder.Length == 0 ? [] : folder.Split('/'));
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static bool EndsIn(string path, string end) =>
        path.EndsWith(end, StringComparison.Ordinal) && (path.Length == end.Length || path[path.Length - end.Length - 1] == '/');
}
