using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator;

/// <summary>Blobs, trees and commits by the hash of their content, and one fenced branch for each run.</summary>
internal sealed class InMemoryRepository
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private readonly ConcurrentDictionary<string, TreeListing> _trees = new();
    private readonly ConcurrentDictionary<string, InMemoryCommit> _commits = new();
    private readonly Dictionary<RunId, InMemoryBranch> _branches = [];
    private readonly Lock _branchLock = new();
    private readonly string _initial;

    public InMemoryRepository(IReadOnlyList<IWorkspace.File> files)
    {
        var tree = AddTree(TreeListing.Empty.With(Store(files)));
        _initial = AddCommit(new InMemoryCommit(tree, "", default, default, "Initial files"));
    }

    public bool Knows(string commit) => _commits.ContainsKey(commit);

    public InMemoryBranch Open(RunId run, string from, long epoch)
    {
        lock (_branchLock)
        {
            if (!_branches.TryGetValue(run, out var branch))
            {
                var start = from.Length == 0 ? _initial : from;
                if (!_commits.ContainsKey(start))
                {
                    throw new OrchestratorException(
                        $"Run {run} started from {start}, which is not in this in-memory repository; its files ended with the process that held them. Start a new run.");
                }

                _branches.Add(run, branch = new InMemoryBranch(run, start));
            }

            branch.Epoch = epoch >= branch.Epoch ? epoch : throw new RunOwnedException(run, "");
            return branch;
        }
    }

    /// <summary>Adds a commit and moves the branch to it, unless a later owner has it or it has moved.</summary>
    public string Advance(InMemoryBranch branch, long epoch, InMemoryCommit commit)
    {
        lock (_branchLock)
        {
            return branch.Epoch == epoch && branch.Tip == commit.Parent
                ? branch.Tip = AddCommit(commit)
                : throw new RunOwnedException(branch.Run, "");
        }
    }

    public IReadOnlyList<(RepoPath Path, TreeEntry? Entry)> Store(IReadOnlyList<IWorkspace.File> files) =>
        [.. files.Select(file => (file.Path, file.Bytes is { } bytes ? new TreeEntry(file.Path, ModeOf(file), AddBlob(bytes)) : default(TreeEntry?)))];

    public string AddTree(TreeListing tree)
    {
        var text = string.Concat(tree.Entries.Select(entry => $"{entry.Mode} {entry.Id} {entry.Path}\0"));
        var id = Hash(Encoding.UTF8.GetBytes(text));
        _trees.TryAdd(id, tree);
        return id;
    }

    public TreeListing Tree(string id) => _trees.TryGetValue(id, out var tree)
        ? tree
        : throw new OrchestratorException($"Tree {id} is not in this in-memory repository; its files ended with the process that held them.");

    public InMemoryCommit Commit(string id) => _commits[id];

    /// <summary>What each commit that leads to one has changed, the latest first, without the one that has no parent.</summary>
    public IEnumerable<IReadOnlyCollection<RepoPath>> Changes(string commit)
    {
        while (_commits.TryGetValue(commit, out var found) && found.Parent.Length > 0)
        {
            yield return [.. TreeListing.Compare(Tree(Commit(found.Parent).Tree), Tree(found.Tree)).Select(change => change.Path)];
            commit = found.Parent;
        }
    }

    public ReadOnlyMemory<byte> Blob(string id) => _blobs[id];

    private string AddBlob(ReadOnlyMemory<byte> bytes)
    {
        var id = Hash(bytes.Span);
        _blobs.TryAdd(id, bytes.ToArray());
        return id;
    }

    private string AddCommit(InMemoryCommit commit)
    {
        var id = Hash(Encoding.UTF8.GetBytes($"{commit.Tree}\n{commit.Parent}\n{commit.Run}\n{commit.Call}\n{commit.Message}"));
        _commits.TryAdd(id, commit);
        return id;
    }

    private static string ModeOf(IWorkspace.File file) => file.Mode is "100644" or "100755" or "120000"
        ? file.Mode
        : throw new OrchestratorException($"'{file.Path}' cannot be written with mode {file.Mode}; use 100644, 100755 or 120000.");

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>One commit of an in-memory repository; the first has no parent, run or call.</summary>
internal sealed record InMemoryCommit(string Tree, string Parent, RunId Run, CallId Call, string Message);

/// <summary>Where one run's branch stands and who may move it; read and written under the repository's lock.</summary>
internal sealed class InMemoryBranch(RunId run, string @base)
{
    public RunId Run { get; } = run;

    public string Base { get; } = @base;

    public string Tip { get; set; } = @base;

    public long Epoch { get; set; }
}
