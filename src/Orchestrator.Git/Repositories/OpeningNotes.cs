using System.Globalization;

namespace Orchestrator;

/// <summary>Finds what a person should know about a repository before trusting what a run did in it.</summary>
internal static class OpeningNotes
{
    private static readonly (string Name, string What)[] Interrupted =
    [
        ("MERGE_HEAD", "merge"), ("rebase-merge", "rebase"), ("rebase-apply", "rebase"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert"), ("BISECT_LOG", "bisect"),
    ];

    public static async ValueTask<IReadOnlyList<string>> FindAsync(
        string executable, LocatedRepository repository, IWorkspace.Revision start, TaskRequest.RepoScope scope, TreeStore trees, GitCli git, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var brief = start.Commit[..10];
        if (!repository.Bare && scope.Revision.Length == 0)
        {
            if (Interrupted.FirstOrDefault(state => Path.Exists(Path.Combine(repository.OwnFolder, state.Name))) is { What: { } what })
            {
                notes.Add($"A {what} is under way in '{repository.Path}'; the run starts from {brief}, as if it were not.");
            }

            // Looked at with the user's own line ends and filters, or an untouched file could seem changed.
            var user = new GitCli(executable, repository.Path, ["-C", repository.Path], convertAsUser: true);
            var status = await user.RunAsync(["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal"], cancellationToken).ConfigureAwait(false);
            var changed = status.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Length;
            if (!status.Succeeded)
            {
                notes.Add($"Whether '{repository.Path}' has uncommitted changes could not be told ({status.Error}); the run starts from {brief} and leaves any out.");
            }
            else if (changed > 0)
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"'{repository.Path}' has uncommitted changes at {changed} {(changed == 1 ? "path" : "paths")}; the run starts from {brief} and leaves them out."));
            }
        }

        var listing = await trees.ListAsync(start.Tree, cancellationToken).ConfigureAwait(false);
        var submodules = listing.Entries.Where(entry => entry.Mode == "160000").Select(entry => $"'{entry.Path}'").ToList();
        if (submodules.Count > 0)
        {
            notes.Add($"Submodules are left alone, and are empty folders where commands run: {string.Join(", ", submodules.Take(10))}{(submodules.Count > 10 ? " and more" : "")}.");
        }

        if (listing.TryFind(RepoPath.Parse(".gitattributes", null), out var attributes))
        {
            var text = await git.DemandAsync(["cat-file", "blob", attributes.Id], cancellationToken).ConfigureAwait(false);
            if (text.Text.Contains("filter=lfs", StringComparison.Ordinal))
            {
                notes.Add("Files kept by Git LFS are left as their pointers, for workers and for commands alike.");
            }
        }

        return notes;
    }
}
