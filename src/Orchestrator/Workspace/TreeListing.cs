using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator;

/// <summary>What one tree holds at one path: git's mode, and the id of the content.</summary>
internal readonly record struct TreeEntry(RepoPath Path, string Mode, string Id);

/// <summary>All entries of one tree, sorted, immutable. Every workspace keeps its trees in this form.</summary>
internal sealed class TreeListing
{
    /// <summary>The change hash of a tree that does not differ from its base.</summary>
    public static readonly string NoChange = Convert.ToHexStringLower(SHA256.HashData([]));

    private static readonly Comparer<TreeEntry> ByPath = Comparer<TreeEntry>.Create((left, right) => left.Path.CompareTo(right.Path));
    private readonly TreeEntry[] _entries;

    public TreeListing(IEnumerable<TreeEntry> entries)
    {
        _entries = [.. entries];
        Array.Sort(_entries, ByPath);
        Paths = Array.ConvertAll(_entries, entry => entry.Path);
    }

    public static TreeListing Empty { get; } = new([]);

    public IReadOnlyList<TreeEntry> Entries => _entries;

    public IReadOnlyList<RepoPath> Paths { get; }

    public bool TryFind(RepoPath path, out TreeEntry entry)
    {
        var index = Array.BinarySearch(_entries, new TreeEntry(path, "", ""), ByPath);
        entry = index >= 0 ? _entries[index] : default;
        return index >= 0;
    }

    /// <summary>The listing after a change, where a <see langword="null"/> mode in the change says that the path is deleted.</summary>
    /// <exception cref="OrchestratorException">The change names a path twice, deletes what is not there, or makes a path both file and folder.</exception>
    public TreeListing With(IReadOnlyList<(RepoPath Path, TreeEntry? Entry)> changes)
    {
        var byPath = new SortedDictionary<RepoPath, TreeEntry?>();
        foreach (var (path, entry) in changes)
        {
            Check(byPath.TryAdd(path, entry), $"The change names '{path}' twice; give each file once, with its final content.");
            Check(entry is not null || TryFind(path, out _), $"The change deletes '{path}', which its parent does not have.");
        }

        var changed = new TreeListing([.. _entries.Where(entry => !byPath.ContainsKey(entry.Path)), .. byPath.Values.OfType<TreeEntry>()]);
        foreach (var path in byPath.Where(change => change.Value is not null).Select(change => change.Key))
        {
            Check(!changed.IsBelowFile(path, out var file), $"'{path}' cannot be written: '{file}' is not a folder.");
            Check(!changed.HasFolder(path), $"'{path}' cannot be written: it is a folder with files in it.");
        }

        return changed;
    }

    /// <summary>The listing with some paths as another tree has them: its content, or absence.</summary>
    public TreeListing Overlay(TreeListing from, IReadOnlyList<RepoPath> paths) =>
        With([.. paths.Distinct()
            .Select(path => (path, from.TryFind(path, out var entry) ? entry : default(TreeEntry?)))
            .Where(change => change.Item2 is not null || TryFind(change.path, out _))]);

    /// <summary>The entries that differ, in ordinal order of their paths.</summary>
    public static IEnumerable<(RepoPath Path, TreeEntry? Old, TreeEntry? New)> Compare(TreeListing from, TreeListing to)
    {
        for (int i = 0, j = 0; i < from._entries.Length || j < to._entries.Length;)
        {
            var order = i == from._entries.Length ? 1 : j == to._entries.Length ? -1 : from._entries[i].Path.CompareTo(to._entries[j].Path);
            if (order < 0)
            {
                yield return (from._entries[i].Path, from._entries[i++], null);
            }
            else if (order > 0)
            {
                yield return (to._entries[j].Path, null, to._entries[j++]);
            }
            else
            {
                if (from._entries[i] != to._entries[j])
                {
                    yield return (from._entries[i].Path, from._entries[i], to._entries[j]);
                }

                i++;
                j++;
            }
        }
    }

    /// <summary>Hash of what differs between a base and a tree, test files left out.</summary>
    public static string ChangeHash(TreeListing from, TreeListing to, Func<RepoPath, bool> isTestFile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, _, entry) in Compare(from, to))
        {
            if (!isTestFile(path))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{entry?.Mode ?? "000000"}\0{entry?.Id ?? "-"}\n"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private bool IsBelowFile(RepoPath path, out RepoPath file)
    {
        for (var slash = path.Value.IndexOf('/'); slash >= 0; slash = path.Value.IndexOf('/', slash + 1))
        {
            file = RepoPath.Parse(path.Value[..slash], null);
            if (TryFind(file, out _))
            {
                return true;
            }
        }

        file = default;
        return false;
    }

    private bool HasFolder(RepoPath path)
    {
        // "path/" itself is no path, so its place in the order is found by the first path that could follow it.
        var first = Array.BinarySearch(_entries, new TreeEntry(RepoPath.Parse(path.Value + "/!", null), "", ""), ByPath);
        first = first < 0 ? ~first : first;
        while (first > 0 && _entries[first - 1].Path.Value.StartsWith(path.Value + "/", StringComparison.Ordinal))
        {
            first--;
        }

        return first < _entries.Length && _entries[first].Path.Value.StartsWith(path.Value + "/", StringComparison.Ordinal);
    }

    private static void Check([DoesNotReturnIf(false)] bool holds, string problem)
    {
        if (!holds)
        {
            throw new OrchestratorException(problem);
        }
    }
}
