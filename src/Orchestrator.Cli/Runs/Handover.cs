using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>Brings a run's change into the user's checkout as uncommitted changes, or takes it out again. Whole or not at all; index, HEAD and branches stay as they are.</summary>
internal sealed class Handover
{
    private readonly Repository _repository;
    private readonly RunRecord _record;
    private readonly Folder _folder;
    private readonly IReadOnlyList<Entry> _entries;

    private Handover(Repository repository, RunRecord record, Folder folder, IReadOnlyList<Entry> entries) =>
        (_repository, _record, _folder, _entries) = (repository, record, folder, entries);

    /// <summary>The paths that the run changed.</summary>
    public IReadOnlyList<string> Paths => [.. _entries.Select(entry => entry.Path)];

    private string Branch => _record.State.Branch;

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
                await ReadAsync(repository.Git, head.Commit, parts[i + 1], modes[1], cancellationToken).ConfigureAwait(false)));
        }

        return new Handover(repository, record, Folder.Open(repository.Root, "--repo"), entries);
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
        var status = await _repository.Git.DemandAsync(cancellationToken, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty").ConfigureAwait(false);
        if (status.Parts is [_, ..] dirty)
        {
            throw CliException.Refused($"'{_repository.Root}' has uncommitted changes ({Name(dirty.Select(line => line[3..]))}), and the run's change must not mix with them. Commit or stash them first, or merge the branch '{Branch}' yourself.");
        }

        if (FindDifferent(entry => entry.Before) is { Count: > 0 } different)
        {
            throw CliException.Refused($"Files that git does not track are in the way: {Name(different)}. Move them away first.");
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

        await CheckTargetAsync(cancellationToken).ConfigureAwait(false);
        if (FindDifferent(entry => entry.After) is { Count: > 0 } different)
        {
            throw CliException.Refused($"These files are not as the run left them, and your changes would be lost: {Name(different)}. Undo them by hand, or with 'git restore'.");
        }

        var staged = await _repository.Git.DemandAsync(cancellationToken, ["--literal-pathspecs", "diff", "--cached", "--name-only", "-z", "--no-renames", "--", .. Paths]).ConfigureAwait(false);
        if (staged.Parts is [_, ..] names)
        {
            throw CliException.Refused($"Parts of the change are staged ({Name(names)}). Take them out of the index first: git restore --staged .");
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

        var start = _record.State.Base!.Commit;
        var head = await _repository.Git.DemandAsync(cancellationToken, "rev-parse", "--verify", "HEAD^{commit}").ConfigureAwait(false);
        if (head.Line != start)
        {
            throw CliException.Refused($"The run started from {RunText.Short(start)}, and '{_repository.Root}' is at {RunText.Short(head.Line)} now. Go back with 'git switch --detach {RunText.Short(start)}', or merge the branch: git merge {Branch}");
        }
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

    private sealed record Entry(string Path, PatchTree.File? Before, PatchTree.File? After);
}
