using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>Brings a run's change into the user's checkout as uncommitted changes, or takes it out again. Whole or not at all; index, HEAD and branches stay as they are.</summary>
internal sealed class Handover
{
    private readonly Surroundings _surroundings;
    private readonly Repository _repository;
    private readonly RunRecord _record;
    private readonly Folder _folder;
    private readonly IReadOnlyList<Entry> _entries;

    private Handover(Surroundings surroundings, Repository repository, RunRecord record, Folder folder, IReadOnlyList<Entry> entries) =>
        (_surroundings, _repository, _record, _folder, _entries) = (surroundings, repository, record, folder, entries);

    /// <summary>The paths that the run changed.</summary>
    public IReadOnlyList<string> Paths => [.. _entries.Select(entry => entry.Path)];

    private string Branch => _record.State.Branch;

    private string Start => _record.State.Base!.Commit;

    /// <summary>What was checked out below the uncommitted changes that the run started from; empty where it started from a commit of the user's.</summary>
    private string DirtyOn => RunSettings.FromLabels(_record.State.Task.Labels).DirtyOn;

    /// <summary>How the user gets the change without this command. The branch of a run that started from uncommitted changes holds those too, so it is not one to merge.</summary>
    private string ByHand => DirtyOn.Length > 0 ? $"pick its commits: git cherry-pick {RunText.Short(Start)}..{Branch}" : $"merge the branch: git merge {Branch}";

    /// <summary>Reads the run's change, with contents as the user's settings have them on disk (line ends, filters).</summary>
    public static async Task<Handover> OpenAsync(Surroundings surroundings, RunRecord record, CancellationToken cancellationToken)
    {
        var state = record.State;
        if (!state.HasEnded)
        {
            throw CliException.Refused($"The run has not ended ({RunText.Word(state.Status)}), so its change is not whole yet. Wait for it, resume it, or cancel it first.");
        }

        if (state.Base is not { } start || state.Head is not { } head || start.Tree == head.Tree)
        {
            throw CliException.Refused("The run changed nothing, so there is nothing to bring over.");
        }

        var repository = await Repository.FindAsync(surroundings, state.Task.Scope.Repo, cancellationToken).ConfigureAwait(false);
        if (repository.Bare)
        {
            throw CliException.Refused($"'{repository.Root}' is a bare repository without a checkout; fetch or merge the branch '{state.Branch}' instead.");
        }

        var raw = await repository.Git.DemandAsync(cancellationToken, "diff-tree", "-r", "-z", "--no-renames", "--raw", start.Commit, head.Commit).ConfigureAwait(false);
        var parts = raw.Parts;
        var entries = new List<Entry>();
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            var modes = parts[i].TrimStart(':').Split(' ');
            entries.Add(new Entry(
                parts[i + 1],
                await ReadAsync(repository.Git, start.Commit, parts[i + 1], modes[0], cancellationToken).ConfigureAwait(false),
                await ReadAsync(repository.Git, head.Commit, parts[i + 1], modes[1], cancellationToken).ConfigureAwait(false),
                modes[3]));
        }

        return new Handover(surroundings, repository, record, Folder.Open(repository.Root, "--repo"), entries);
    }

    /// <summary>Brings the change over.</summary>
    /// <returns>Whether anything had to be done.</returns>
    public async Task<bool> ApplyAsync(CancellationToken cancellationToken)
    {
        if (FindDifferent(entry => entry.After).Count == 0)
        {
            return false;
        }

        await CheckTargetAsync(cancellationToken).ConfigureAwait(false);
        await CheckChangesAsync(cancellationToken).ConfigureAwait(false);
        var different = FindDifferent(entry => entry.Before);
        if (different.Where(path => _entries.Any(entry => entry.Path == path && entry.Before is null)).ToList() is { Count: > 0 } untracked)
        {
            throw CliException.Refused($"Files that git does not track are in the way: {Name(untracked)}. Move them away first.");
        }

        if (await FindPassedOverAsync(different, cancellationToken).ConfigureAwait(false) is { Count: > 0 } passedOver)
        {
            throw CliException.Refused($"Git passes over these files in your checkout (sparse checkout, skip-worktree or assume-unchanged), and they are not there as the run found them: {Name(passedOver)}. Bring them back with 'git sparse-checkout disable', or 'git update-index' with '--no-skip-worktree' or '--no-assume-unchanged' and their names; or {ByHand}");
        }

        if (different.Count > 0)
        {
            throw CliException.Refused($"These files have other line ends, filtered contents or permissions than git would write: {Name(different)}. Bringing the change over would change more than the run did. Write them anew with 'git checkout' if they hold nothing of yours, or {ByHand}");
        }

        FolderWriter.Write(_folder, [.. _entries.Select(entry => new PatchResult.Change(entry.Path, entry.After))], null, cancellationToken);
        return true;
    }

    /// <summary>Takes the change out again, where the files are exactly as <see cref="ApplyAsync"/> left them.</summary>
    /// <returns>Whether anything had to be done.</returns>
    public async Task<bool> RevertAsync(CancellationToken cancellationToken)
    {
        if (FindDifferent(entry => entry.Before).Count == 0)
        {
            return false;
        }

        var different = FindDifferent(entry => entry.After);
        if (different.Count == _entries.Count)
        {
            throw CliException.Refused($"Nothing that the run changed is in '{_repository.Root}' as the run left it ({Name(different)}): either the change was never brought over, or you have changed the files since. Nothing was taken out; undo by hand, or with 'git restore', what you do not want.");
        }

        await CheckTargetAsync(cancellationToken).ConfigureAwait(false);
        if (different.Count > 0)
        {
            throw CliException.Refused($"These files are not as the run left them, and your changes would be lost: {Name(different)}. Undo them by hand, or with 'git restore'.");
        }

        if (await FindStagedAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } staged)
        {
            throw CliException.Refused($"Parts of the change are staged ({Name(staged)}). Take just those out of the index first, with 'git restore --staged' and their names.");
        }

        FolderWriter.Write(_folder, [.. _entries.Select(entry => new PatchResult.Change(entry.Path, entry.Before))], null, cancellationToken);
        return true;
    }

    private async Task CheckTargetAsync(CancellationToken cancellationToken)
    {
        if (_repository.UnderWay is { } what)
        {
            throw CliException.Refused($"A {what} is under way in '{_repository.Root}'. Finish it or give it up first.");
        }

        var expected = DirtyOn.Length > 0 ? DirtyOn : Start;
        var head = await _repository.Git.DemandAsync(cancellationToken, "rev-parse", "--verify", "HEAD^{commit}").ConfigureAwait(false);
        if (head.Line != expected)
        {
            var (from, goBack) = DirtyOn.Length > 0
                ? (" with your uncommitted changes on top", $"Go back to that commit and bring those changes back ('git diff {RunText.Short(Start)}' shows what is missing)")
                : ("", $"Go back with 'git switch --detach {RunText.Short(expected)}'");
            throw CliException.Refused($"The run started from {RunText.Short(expected)}{from}, and '{_repository.Root}' is at {RunText.Short(head.Line)} now. {goBack}, or {ByHand}");
        }
    }

    /// <summary>Checks that the checkout holds exactly what the run started from: nothing uncommitted, or the same uncommitted changes.</summary>
    private async Task CheckChangesAsync(CancellationToken cancellationToken)
    {
        if (DirtyOn.Length > 0)
        {
            var now = await DirtyStart.MakeAsync(_surroundings, _repository, cancellationToken).ConfigureAwait(false);
            if (now != Start)
            {
                var changed = await _repository.Git.DemandAsync(cancellationToken, "diff-tree", "-r", "-z", "--no-renames", "--name-only", Start, now).ConfigureAwait(false);
                throw CliException.Refused($"The run started from your uncommitted changes, and they have changed since ({Name(changed.Parts)}), so its change cannot be brought over as it was tested. Bring them back to what they were ('git diff {RunText.Short(Start)}' shows the difference), or {ByHand}");
            }

            return;
        }

        var status = await _repository.Git.DemandAsync(cancellationToken, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty").ConfigureAwait(false);
        if (status.Parts is [_, ..] dirty)
        {
            throw CliException.Refused($"'{_repository.Root}' has uncommitted changes ({Name(dirty.Select(line => line[3..]))}), and the run's change must not mix with them. Commit or stash them first, or merge the branch '{Branch}' yourself.");
        }
    }

    /// <summary>Those of the files that git is told not to look at in the checkout.</summary>
    private async Task<List<string>> FindPassedOverAsync(List<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
        {
            return [];
        }

        // A tag and a space before each path: S for skip-worktree, a small letter for assume-unchanged.
        var tagged = await _repository.Git.DemandAsync(cancellationToken, ["--literal-pathspecs", "ls-files", "-v", "-z", "--", .. paths]).ConfigureAwait(false);
        return [.. tagged.Parts.Where(line => line[0] is 'S' or (>= 'a' and <= 'z')).Select(line => line[2..])];
    }

    private async Task<List<string>> FindStagedAsync(CancellationToken cancellationToken)
    {
        var staged = await _repository.Git.DemandAsync(cancellationToken, ["--literal-pathspecs", "diff", "--cached", "--raw", "--no-abbrev", "-z", "--no-renames", "--", .. Paths]).ConfigureAwait(false);
        var found = staged.Parts.Chunk(2).Select(pair => (Path: pair[1], Blob: pair[0].Split(' ')[3]));

        // What the user had staged before such a run is still the user's; only the run's own contents are not.
        return [.. found.Where(each => DirtyOn.Length == 0 || _entries.Any(entry => entry.Path == each.Path && entry.AfterBlob == each.Blob)).Select(each => each.Path)];
    }

    /// <summary>The paths whose file on disk is not the wanted one.</summary>
    private List<string> FindDifferent(Func<Entry, PatchTree.File?> wanted)
    {
        var tree = _folder.ToTree();
        return [.. _entries.Where(entry => !AreEqual(tree.Read(entry.Path), wanted(entry))).Select(entry => entry.Path)];
    }

    private static bool AreEqual(PatchTree.File? one, PatchTree.File? other) =>
        one is null ? other is null : other is not null && one.Mode == other.Mode && one.Content.Span.SequenceEqual(other.Content.Span);

    private static async Task<PatchTree.File?> ReadAsync(Git git, string commit, string path, string mode, CancellationToken cancellationToken) => mode switch
    {
        "000000" => null,
        PatchTree.File.Regular or PatchTree.File.Executable => new PatchTree.File((await git.DemandAsync(cancellationToken, "cat-file", "--filters", $"{commit}:{path}").ConfigureAwait(false)).Bytes, mode),
        _ => throw CliException.Refused($"The run changed '{path}', which is no ordinary file (mode {mode}). Merge the run's branch instead."),
    };

    private static string Name(IEnumerable<string> paths)
    {
        var all = paths.ToList();
        return $"{string.Join(", ", all.Take(5).Select(path => $"'{Plain.Line(path)}'"))}{(all.Count > 5 ? $" and {all.Count - 5} more" : "")}";
    }

    private sealed record Entry(string Path, PatchTree.File? Before, PatchTree.File? After, string AfterBlob);
}
