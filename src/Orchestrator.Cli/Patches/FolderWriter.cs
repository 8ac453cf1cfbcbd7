using System.Globalization;
using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>Writes a set of changes into a folder: all of them, or none. Nothing is written through a link, outside the folder, or into git's own.</summary>
/// <remarks>
/// Everything new is written and flushed beside its target under a temporary name; then names are changed, each old file keeping a second name until all are done. Changing
/// names back needs no space, so a full disk cannot stand in the way of undoing.
/// </remarks>
internal sealed class FolderWriter
{
    private readonly Folder _folder;
    private readonly Action<string>? _beforeStep;
    private readonly List<string> _madeFolders = [];
    private readonly List<string> _temporary = [];
    private readonly Stack<Action> _undo = new();
    private int _number;

    private FolderWriter(Folder folder, Action<string>? beforeStep) => (_folder, _beforeStep) = (folder, beforeStep);

    /// <summary>Writes the changes.</summary>
    /// <param name="folder">The folder, with what the changes were made from.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="beforeStep">Called before each step with its name, so that tests can make any of them fail.</param>
    /// <param name="cancellationToken">Gives up, until the first name is changed.</param>
    /// <exception cref="CliException">Nothing was changed; the message says why.</exception>
    public static void Write(Folder folder, IReadOnlyList<PatchResult.Change> changes, Action<string>? beforeStep, CancellationToken cancellationToken)
    {
        var writer = new FolderWriter(folder, beforeStep);
        try
        {
            writer.Check(changes);
            var prepared = writer.Prepare(changes, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            writer.Commit(changes, prepared);
        }
        catch (Exception failure)
        {
            writer.Undo(failure);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw CliException.Refused($"Nothing was changed, because a file could not be written: {failure.Message}", failure);
            }

            throw;
        }

        writer.Finish(changes);
    }

    private void Check(IReadOnlyList<PatchResult.Change> changes)
    {
        foreach (var change in changes)
        {
            if (!RepoPath.TryParse(change.Path, null, out _))
            {
                throw CliException.Refused($"'{change.Path}' is not a path inside the folder. Nothing was changed.");
            }

            if (_folder.FindObstacle(change.Path) is { } obstacle)
            {
                throw CliException.Refused($"'{change.Path}' goes through '{obstacle}', which is not a folder of its own. Nothing was changed.");
            }

            if (change.File is { Mode: not (PatchTree.File.Regular or PatchTree.File.Executable) } odd)
            {
                throw CliException.Refused($"'{change.Path}' would get mode {odd.Mode}; only files are written. Nothing was changed.");
            }

            var (then, now) = (_folder.AsRead(change.Path), _folder.ReadNow(change.Path));
            if ((then is null) != (now is null) || (then is not null && now is not null && (then.Mode != now.Mode || !then.Content.Span.SequenceEqual(now.Content.Span)))
                || (now is null && FileSystem.KindOf(_folder.FullPath(change.Path)) != FileSystem.Kind.Nothing))
            {
                throw CliException.Refused($"'{change.Path}' was changed by somebody else in the meantime. Nothing was changed here; try again.");
            }
        }
    }

    private List<string?> Prepare(IReadOnlyList<PatchResult.Change> changes, CancellationToken cancellationToken)
    {
        var prepared = new List<string?>();
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (change.File is null)
            {
                prepared.Add(null);
                continue;
            }

            var target = _folder.FullPath(change.Path);
            MakeFolders(change.Path);
            prepared.Add(WriteBeside(target, change.File, change.OldPath is { } old && _folder.AsRead(change.Path) is null ? _folder.FullPath(old) : target));
        }

        return prepared;
    }

    private void Commit(IReadOnlyList<PatchResult.Change> changes, List<string?> prepared)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var target = _folder.FullPath(changes[i].Path);
            _beforeStep?.Invoke("rename");

            // Looked at again at the last moment: a folder that became a link since would lead elsewhere.
            if (_folder.FindObstacle(changes[i].Path) is { } obstacle)
            {
                throw CliException.Refused($"'{obstacle}' was changed by somebody else in the meantime. Nothing was changed here.");
            }

            var existed = FileSystem.KindOf(target) != FileSystem.Kind.Nothing;
            if (existed)
            {
                var kept = NewName(target);
                if (!FileSystem.TryLink(target, kept))
                {
                    File.Move(target, kept);
                }

                _temporary.Add(kept);
                _undo.Push(() => File.Move(kept, target, overwrite: true));
            }

            if (prepared[i] is { } fresh)
            {
                File.Move(fresh, target, overwrite: existed);
                if (!existed)
                {
                    _undo.Push(() => File.Delete(target));
                }
            }
            else
            {
                File.Delete(target);
            }
        }

        _beforeStep?.Invoke("flush");
        foreach (var folder in changes.Select(change => Path.GetDirectoryName(_folder.FullPath(change.Path))!).Distinct(StringComparer.Ordinal))
        {
            FileSystem.Flush(folder);
        }
    }

    private void Undo(Exception cause)
    {
        var failed = new List<string>();
        while (_undo.TryPop(out var undo))
        {
            try
            {
                undo();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed.Add(e.Message);
            }
        }

        if (failed.Count > 0)
        {
            throw CliException.Refused(
                $"Writing failed ({cause.Message}), and so did undoing what was written: {string.Join(" ", failed)} The old files are beside the new ones, under names that begin with '.orchestrator-'.", cause);
        }

        _temporary.ForEach(TryDelete);
        foreach (var folder in Enumerable.Reverse(_madeFolders))
        {
            TryDeleteEmpty(folder);
        }
    }

    /// <summary>Takes the old files' second names away, and folders that hold nothing any more, as git does.</summary>
    private void Finish(IReadOnlyList<PatchResult.Change> changes)
    {
        _temporary.ForEach(TryDelete);
        foreach (var change in changes.Where(change => change.File is null))
        {
            for (var folder = Path.GetDirectoryName(_folder.FullPath(change.Path))!; folder.Length > _folder.Root.Length && TryDeleteEmpty(folder); folder = Path.GetDirectoryName(folder)!)
            {
            }
        }
    }

    private void MakeFolders(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = _folder.FullPath(path[..slash]);
            if (FileSystem.KindOf(folder) == FileSystem.Kind.Nothing)
            {
                _beforeStep?.Invoke("folder");
                Directory.CreateDirectory(folder);
                _madeFolders.Add(folder);
            }
        }
    }

    private string WriteBeside(string target, PatchTree.File file, string modeOf)
    {
        _beforeStep?.Invoke("write");
        var name = NewName(target);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && file.Mode == PatchTree.File.Executable)
        {
            // Less what the user's mask takes away, as for any new file.
            options.UnixCreateMode = (UnixFileMode)0b111_111_111;
        }

        using (var stream = new FileStream(name, options))
        {
            _temporary.Add(name);
            stream.Write(file.Content.Span);
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows() && FileSystem.KindOf(modeOf) == FileSystem.Kind.File)
        {
            File.SetUnixFileMode(name, ModeFor(File.GetUnixFileMode(modeOf), file.Mode == PatchTree.File.Executable));
        }

        return name;
    }

    /// <summary>The old file's permissions; those to execute follow those to read where the patch changes them.</summary>
    private static UnixFileMode ModeFor(UnixFileMode old, bool executable)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var was = (old & UnixFileMode.UserExecute) != 0;
        return was == executable ? old : executable ? old | (UnixFileMode)((int)(old & Read) >> 2) : old & ~Execute;
    }

    private string NewName(string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        string name;
        do
        {
            name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".orchestrator-{Environment.ProcessId}-{++_number}.tmp"));
        }
        while (FileSystem.KindOf(name) != FileSystem.Kind.Nothing);
        return name;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file too many is not worth undoing what went well.
        }
    }

    private static bool TryDeleteEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
