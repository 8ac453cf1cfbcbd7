using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Reads and writes trees of one repository's object database, beside every index and checkout of the user's.</summary>
internal sealed class TreeStore(LocatedRepository repository, GitCli git, OwnerFolder owner) : IDisposable
{
    // A run looks at its base, its tip and a few trees between; a listing of a very large repository is some tens of megabytes.
    private const int CachedListings = 8;

    private readonly Lock _cacheLock = new();
    private readonly Dictionary<string, TreeListing> _listings = [];
    private readonly Queue<string> _age = [];
    private readonly SemaphoreSlim _indexTurn = new(1);
    private readonly Dictionary<string, string> _index = new() { ["GIT_INDEX_FILE"] = Path.Combine(owner.FullPath, "commit-index") };
    private string _indexed = "";

    /// <summary>All entries of a tree.</summary>
    public async ValueTask<TreeListing> ListAsync(string tree, CancellationToken cancellationToken)
    {
        lock (_cacheLock)
        {
            if (_listings.TryGetValue(tree, out var known))
            {
                return known;
            }
        }

        var output = await git.DemandAsync(["ls-tree", "-r", "-z", "--full-tree", tree], cancellationToken).ConfigureAwait(false);
        var listing = new TreeListing(output.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(ParseEntry).OfType<TreeEntry>());
        Remember(tree, listing);
        return listing;
    }

    /// <summary>Writes file contents and gives their ids, in order.</summary>
    public async ValueTask<IReadOnlyList<string>> WriteBlobsAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        if (contents.Count == 0)
        {
            return [];
        }

        if (contents.Count == 1)
        {
            return [(await git.DemandAsync(["hash-object", "-w", "--no-filters", "--stdin"], cancellationToken, contents[0]).ConfigureAwait(false)).Line];
        }

        // One process for all of them: git reads the contents from files of ours.
        var folder = owner.MakeFolder("blobs");
        var paths = new StringBuilder();
        for (var i = 0; i < contents.Count; i++)
        {
            var path = Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture));
            await File.WriteAllBytesAsync(path, contents[i], cancellationToken).ConfigureAwait(false);
            paths.Append(path).Append('\n');
        }

        var ids = (await git.DemandAsync(["hash-object", "-w", "--no-filters", "--stdin-paths"], cancellationToken, Encoding.UTF8.GetBytes(paths.ToString())).ConfigureAwait(false)).Lines;
        owner.Delete(folder);
        return ids;
    }

    /// <summary>Writes the tree that a known tree becomes by a change, and gives its id.</summary>
    public async ValueTask<string> WriteTreeAsync(string from, TreeListing before, TreeListing after, CancellationToken cancellationToken)
    {
        if (from.Length > 0 && !TreeListing.Compare(before, after).Any())
        {
            return from;
        }

        await _indexTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_indexed != from)
            {
                await git.DemandAsync(["read-tree", from], cancellationToken, variables: _index).ConfigureAwait(false);
            }

            _indexed = "";

            // Deletions come first, so that a file can take the place of a folder and a folder that of a file.
            var changes = TreeListing.Compare(before, after).ToList();
            var lines = changes.Where(change => change.New is null).Select(change => $"0 {repository.NoObject}\t{change.Path}\0")
                .Concat(changes.Where(change => change.New is not null).Select(change => $"{change.New!.Value.Mode} {change.New.Value.Id}\t{change.Path}\0"));
            await git.DemandAsync(["update-index", "-z", "--index-info"], cancellationToken, Encoding.UTF8.GetBytes(string.Concat(lines)), _index).ConfigureAwait(false);
            var tree = (await git.DemandAsync(["write-tree", "--missing-ok"], cancellationToken, variables: _index).ConfigureAwait(false)).Line;
            _indexed = tree;
            Remember(tree, after);
            return tree;
        }
        finally
        {
            _indexTurn.Release();
        }
    }

    public void Dispose() => _indexTurn.Dispose();

    private void Remember(string tree, TreeListing listing)
    {
        lock (_cacheLock)
        {
            if (_listings.TryAdd(tree, listing))
            {
                _age.Enqueue(tree);
                if (_age.Count > CachedListings)
                {
                    _listings.Remove(_age.Dequeue());
                }
            }
        }
    }

    // "<mode> <type> <id>\t<path>". A path that cannot be written down as one (a backslash, a stray byte) stays in the tree, but no worker sees it.
    private static TreeEntry? ParseEntry(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var facts = line[..tab].Split(' ');
        return !line.Contains('\uFFFD', StringComparison.Ordinal) && RepoPath.TryParse(line[(tab + 1)..], null, out var path) ? new TreeEntry(path, facts[0], facts[2]) : null;
    }
}
