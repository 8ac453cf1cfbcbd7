using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Makes a commit of the user's checkout as it is: what is tracked and changed, staged, or new and not ignored. The checkout, its index, HEAD, stash and hooks are not touched.</summary>
/// <remarks>
/// Works on a copy of the user's index, so that sparse checkouts, forced files and git's knowledge of unchanged files carry over. Line ends and clean filters are the user's own, as
/// with <c>git add</c>; anything else would show untouched files as changed.
/// </remarks>
internal sealed class CheckoutCommit
{
    private const long ByteLimit = 100 * 1024 * 1024;

    private const int PathLimit = 20_000;

    private readonly LocatedRepository _repository;
    private readonly GitCli _git;
    private readonly string _index;
    private readonly Dictionary<string, string> _onCopy;

    public CheckoutCommit(string executable, LocatedRepository repository, OwnerFolder owner)
    {
        _repository = repository;
        _git = new GitCli(executable, repository.Path, ["-c", "core.safecrlf=false", "-C", repository.Path], convertAsUser: true);
        _index = Path.Combine(owner.FullPath, "checkout-commit-index");
        _onCopy = new() { ["GIT_INDEX_FILE"] = _index };
    }

    /// <summary>Makes the commit.</summary>
    /// <returns>Its id, which is the same for the same state; the id of <c>HEAD</c> where nothing is uncommitted.</returns>
    /// <exception cref="OrchestratorException">The checkout cannot be taken as it is; the message says why and what to do.</exception>
    public async ValueTask<string> MakeAsync(CancellationToken cancellationToken)
    {
        if (_repository.Bare)
        {
            throw new OrchestratorException($"Repository {_repository.Name}: '{_repository.Path}' is bare, so there are no uncommitted changes to include.");
        }

        await CopyIndexAsync(cancellationToken).ConfigureAwait(false);
        var unmerged = Paths(await _git.DemandAsync(["diff-files", "-z", "--name-only", "--diff-filter=U"], cancellationToken, variables: _onCopy).ConfigureAwait(false));
        if (unmerged.Count > 0)
        {
            throw new OrchestratorException($"Repository {_repository.Name}: '{_repository.Path}' has conflicts that are not resolved ({Name(unmerged)}), and a run cannot start from both sides. Resolve and 'git add' them, or leave uncommitted changes out.");
        }

        var (gone, changed) = await FindChangesAsync(cancellationToken).ConfigureAwait(false);
        CheckSize(changed);
        if (gone.Count > 0)
        {
            // By their names and not by a look at the disk: where a link has taken the place of a folder, git would refuse to look beyond it.
            var removals = gone.Select(path => $"0 {_repository.NoObject}\t{path}\0");
            await _git.DemandAsync(["update-index", "-z", "--index-info"], cancellationToken, Encoding.Latin1.GetBytes(string.Concat(removals)), _onCopy).ConfigureAwait(false);
        }

        if (changed.Count > 0)
        {
            var additions = Encoding.Latin1.GetBytes(string.Concat(changed.Select(path => path + "\0")));
            await _git.DemandAsync(["update-index", "--add", "--replace", "-z", "--stdin"], cancellationToken, additions, _onCopy).ConfigureAwait(false);
        }

        var tree = (await _git.DemandAsync(["write-tree", "--missing-ok"], cancellationToken, variables: _onCopy).ConfigureAwait(false)).Line;
        return tree == _repository.Tree ? _repository.Commit : await CommitAsync(tree, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CopyIndexAsync(CancellationToken cancellationToken)
    {
        var users = Path.Combine(_repository.OwnFolder, "index");
        if (!File.Exists(users))
        {
            await _git.DemandAsync(["read-tree", "--empty"], cancellationToken, variables: _onCopy).ConfigureAwait(false);
            return;
        }

        // The time of the original goes with it: git takes a file for unchanged only if it is older than the index.
        var written = File.GetLastWriteTimeUtc(users);
        File.Copy(users, _index, overwrite: true);
        File.SetLastWriteTimeUtc(_index, written);
    }

    /// <summary>The paths that are gone from the checkout, and those that are new or other than in the index. Each letter stands for one byte, since paths need not be text.</summary>
    private async ValueTask<(List<string> Gone, List<string> Changed)> FindChangesAsync(CancellationToken cancellationToken)
    {
        // Files whose times changed and whose contents did not are none of the changes. That some did is no failure.
        await _git.RunAsync(["update-index", "-q", "--ignore-submodules", "--refresh"], cancellationToken, variables: _onCopy).ConfigureAwait(false);

        // Submodules stay at the commits that the index names, as runs leave them alone.
        var raw = Paths(await _git.DemandAsync(["diff-files", "-z", "--raw", "--no-renames", "--ignore-submodules=all"], cancellationToken, variables: _onCopy).ConfigureAwait(false));
        var gone = new List<string>();
        var changed = new List<string>();
        for (var i = 0; i + 1 < raw.Count; i += 2)
        {
            (raw[i].EndsWith('D') ? gone : changed).Add(raw[i + 1]);
        }

        // A name with a slash at its end is a repository of its own inside this one, which a commit could only point at.
        var untracked = Paths(await _git.DemandAsync(["ls-files", "-z", "--others", "--exclude-standard"], cancellationToken, variables: _onCopy).ConfigureAwait(false));
        changed.AddRange(untracked.Where(path => !path.EndsWith('/')));
        return (gone, changed);
    }

    private void CheckSize(List<string> changed)
    {
        var files = changed.Select(path => (Path: path, Size: SizeOf(path))).ToList();
        var total = files.Sum(file => file.Size);
        if (total > ByteLimit || files.Count > PathLimit)
        {
            var largest = files.MaxBy(file => file.Size);
            throw new OrchestratorException(string.Create(
                CultureInfo.InvariantCulture,
                $"Repository {_repository.Name}: the uncommitted changes in '{_repository.Path}' are {files.Count} files with {total >> 20} MiB, the largest being {Name([largest.Path])} with {largest.Size >> 20} MiB; at most {PathLimit} files with {ByteLimit >> 20} MiB are included. Add what does not belong into the repository to .gitignore, or commit it first."));
        }
    }

    private long SizeOf(string path)
    {
        var file = new FileInfo(Path.Combine(_repository.Path, Text(path)));
        return file is { Exists: true, LinkTarget: null } ? file.Length : 0;
    }

    private async ValueTask<string> CommitAsync(string tree, CancellationToken cancellationToken)
    {
        // Dated like its parent, so that the same state is the same commit, and whether the state has changed is one comparison.
        var date = (await _git.DemandAsync(["log", "-1", "--format=%ct +0000", _repository.Commit], cancellationToken).ConfigureAwait(false)).Line;
        var identity = new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = "Orchestrator", ["GIT_AUTHOR_EMAIL"] = "orchestrator@localhost", ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_NAME"] = "Orchestrator", ["GIT_COMMITTER_EMAIL"] = "orchestrator@localhost", ["GIT_COMMITTER_DATE"] = date,
        };
        var message = Encoding.UTF8.GetBytes("Uncommitted changes that a run started from\n");
        return (await _git.DemandAsync(["commit-tree", tree, "-p", _repository.Commit, "-F", "-"], cancellationToken, message, identity).ConfigureAwait(false)).Line;
    }

    private static List<string> Paths(GitOutput output) => [.. Encoding.Latin1.GetString(output.Bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    private static string Name(List<string> paths) => string.Join(", ", paths.Take(5).Select(path => $"'{Text(path)}'")) + (paths.Count > 5 ? $" and {paths.Count - 5} more" : "");

    private static string Text(string path) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(path));
}
