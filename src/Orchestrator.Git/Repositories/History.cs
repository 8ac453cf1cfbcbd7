using System.Globalization;

namespace Orchestrator;

/// <summary>What the commits before a revision have changed, as far as the repository knows: in a shallow clone that is what was fetched.</summary>
/// <remarks>Safe for concurrent use. One call of git for each revision that is asked about.</remarks>
internal sealed class History(GitCli git)
{
    // A run asks about its base and the few commits it makes itself.
    private const int Kept = 8;

    // Older trees may have been left out of a partial clone; a look at history is not worth fetching them.
    private static readonly Dictionary<string, string> OnlyWhatIsHere = new() { ["GIT_NO_LAZY_FETCH"] = "1" };

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Commit, int Commits), IReadOnlyList<IReadOnlyCollection<RepoPath>>> _known = [];

    /// <summary>The files of each commit, the latest first, without merges and without commits that have no parent.</summary>
    public async ValueTask<IReadOnlyList<IReadOnlyCollection<RepoPath>>> ChangesAsync(string commit, int commits, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known.TryGetValue((commit, commits), out var known))
            {
                return known;
            }
        }

        // Without renames no content is compared, so this costs a look at trees and nothing more.
        var count = commits.ToString(CultureInfo.InvariantCulture);
        var log = await git.RunAsync(["log", "--no-merges", "--no-renames", "--name-only", "-z", "--format=%x01%P", "-n", count, commit, "--"], cancellationToken, variables: OnlyWhatIsHere).ConfigureAwait(false);

        // What git has said before it failed is as good as history that is short; a tree that no commit holds has none at all.
        IReadOnlyList<IReadOnlyCollection<RepoPath>> changes = [.. log.Text.Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Select(Read).Where(files => files.Count > 0)];
        lock (_lock)
        {
            if (_known.Count >= Kept)
            {
                _known.Clear();
            }

            _known[(commit, commits)] = changes;
        }

        return changes;
    }

    /// <summary>"parents", then an empty line, then paths, a NUL after each.</summary>
    private static List<RepoPath> Read(string commit)
    {
        var parts = commit.Split('\0');
        var files = new List<RepoPath>();
        foreach (var part in parts[0].Length == 0 ? [] : parts.Skip(1))
        {
            if (RepoPath.TryParse(part.TrimStart('\n'), null, out var path))
            {
                files.Add(path);
            }
        }

        return files;
    }
}
