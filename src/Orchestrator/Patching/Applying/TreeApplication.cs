namespace Orchestrator.Patching;

/// <summary>One application of a set to a tree: every file is worked out before anything is handed over.</summary>
internal sealed class TreeApplication(PatchSet patch, PatchTree current, PatchTree? @base, PatchOptions options)
{
    private readonly List<PatchResult.Reject> _rejects = [.. patch.Problems];
    private readonly List<PatchResult.HunkReport> _reports = [];
    private readonly List<PatchResult.Conflict> _conflicts = [];
    private readonly SortedDictionary<string, PatchResult.Change> _changes = new(StringComparer.Ordinal);

    public PatchResult Run()
    {
        var edits = EditPlan.Resolve(patch, current, _rejects);
        CheckPaths(edits);
        if (_rejects.Count == patch.Problems.Count || patch.Problems.Count > 0)
        {
            foreach (var edit in edits)
            {
                if (_rejects.TrueForAll(reject => reject.Path != edit.Path || reject.Hunk is not null))
                    Apply(edit);
            }
        }
        if (_rejects.Count == 0 && _conflicts.Count == 0)
            CheckSyntax();
        if (_rejects.Count > 0)
            return new PatchResult.Rejected(_rejects, _reports) { KeepsGood = patch.Problems.Count == 0 && PatchRepair.CanKeep(edits, _rejects, _reports) };
        if (_conflicts.Count > 0)
            return new PatchResult.Conflicted(_conflicts);
        return new PatchResult.Applied([.. _changes.Values], _reports);
    }

    private void CheckPaths(IReadOnlyList<FileEdit> edits)
    {
        var before = _rejects.Count;
        foreach (var edit in edits)
        {
            foreach (var path in edit.Source is null ? [edit.Path] : (string[])[edit.Path, edit.Source])
            {
                if (PathRules.Problem(path) is { } problem)
                    _rejects.Add(new(PatchResult.Reject.Codes.UnsafePath, path, $"The path {problem}. Use a relative path inside the repository.") { PatchLine = edit.PatchLine });
            }
            foreach (var mode in (string?[])[edit.OldMode, edit.NewMode])
            {
                if (ModeRules.Check(edit.Path, mode, options) is { } reject)
                    _rejects.Add(reject with { PatchLine = edit.PatchLine });
            }
        }
        if (_rejects.Count > before)
            return;
        var gone = edits.Where(edit => edit.Kind is EditKind.Rename or EditKind.Delete).Select(edit => edit.ReadPath).ToHashSet(StringComparer.Ordinal);
        var made = edits.Where(edit => edit.Kind is EditKind.Create or EditKind.Copy or EditKind.Rename || (edit.Kind == EditKind.Write && current.Read(edit.Path) is null)).Select(edit => edit.Path).ToHashSet(StringComparer.Ordinal);
        TreeRules.Check(current, made, gone, edits.SelectMany(edit => (string[])[edit.Path, edit.ReadPath]), _rejects);
        foreach (var edit in edits)
        {
            var makes = edit.Kind is EditKind.Create or EditKind.Copy or EditKind.Rename;
            if (makes && current.Read(edit.Path) is not null && !gone.Contains(edit.Path))
                _rejects.Add(new(PatchResult.Reject.Codes.AlreadyExists, edit.Path, edit.Kind == EditKind.Create ? "The file to create exists already. Change it with a diff against its present content." : "The target exists already.") { PatchLine = edit.PatchLine });
        }
    }

    private void Apply(FileEdit edit)
    {
        var file = current.Read(edit.ReadPath);
        if (edit.Kind != EditKind.Create && edit.Kind != EditKind.Write && file is null && !HasBase(edit))
        {
            _rejects.Add(new(PatchResult.Reject.Codes.FileMissing, edit.ReadPath, "The file to change does not exist. Check the path, or send it as a new file.") { PatchLine = edit.PatchLine });
            return;
        }
        if (file is not null && !FileAllowed(edit, file))
            return;
        if (!TryStart(edit, file, out var start))
            return;
        if (start is not null && start.Content.Length > options.Limit.FileBytes)
        {
            _rejects.Add(new(PatchResult.Reject.Codes.LimitExceeded, edit.ReadPath, $"The file has {start.Content.Length} bytes; the limit is {options.Limit.FileBytes}."));
            return;
        }
        if (edit.Kind == EditKind.Delete)
        {
            Delete(edit, start!, file);
            return;
        }
        if (FileContent.After(edit, start, patch.Text, options, _rejects, _reports) is not { } content)
            return;
        if (start is not null && file is null)
        {
            _conflicts.Add(new(edit.Path, 0, start.Content, null, content));
            return;
        }
        if (start is not null && file is not null && !ReferenceEquals(start, file))
        {
            if (Merge(edit, start, file, content) is not { } merged)
                return;
            content = merged;
        }
        Finish(edit, file, content);
    }

    private bool HasBase(FileEdit edit) => @base?.Read(edit.ReadPath) is not null;

    private bool FileAllowed(FileEdit edit, PatchTree.File file)
    {
        if (ModeRules.Check(edit.ReadPath, file.Mode, options) is { } reject)
        {
            _rejects.Add(reject with { PatchLine = edit.PatchLine });
            return false;
        }
        var stated = edit.OldMode is null ? null : ModeRules.Canonical(edit.OldMode);
        if (stated is null || stated == ModeRules.Canonical(file.Mode) || (edit.NewMode is not null && ModeRules.Canonical(edit.NewMode) == ModeRules.Canonical(file.Mode)))
            return true;
        if (edit.Kind == EditKind.Delete && stated is PatchTree.File.Regular or PatchTree.File.Executable && file.Mode is PatchTree.File.Regular or PatchTree.File.Executable)
            return true;
        _rejects.Add(new(PatchResult.Reject.Codes.ModeMismatch, edit.ReadPath, $"The file's mode is {file.Mode}, the patch starts from {edit.OldMode}.") { PatchLine = edit.PatchLine });
        return false;
    }

    /// <summary>The file the hunks are placed in: the current one, or the base when that is what the patch was made from and the current one differs.</summary>
    private bool TryStart(FileEdit edit, PatchTree.File? file, out PatchTree.File? start)
    {
        start = file;
        if (edit.BaseHash is null && @base is null)
            return true;
        if (edit.BaseHash is { Length: > 0 } hash && file is not null && PatchSet.ContentHash(file.Content.Span) == hash)
            return true;
        var origin = @base?.Read(edit.ReadPath);
        if (edit.BaseHash is { } wanted)
        {
            var known = origin is null ? "" : PatchSet.ContentHash(origin.Content.Span);
            if (@base is null && !(wanted.Length == 0 && file is null))
                return Stale(edit, PatchResult.Reject.Codes.StaleBase, "The file has changed since the patch was made from it. Make the patch again from the present file.");
            if (@base is not null && known != wanted)
                return Stale(edit, PatchResult.Reject.Codes.BaseMismatch, "The base at hand is not the file the patch was made from.");
        }
        if (@base is null)
            return true;
        if (origin is null && file is not null && edit.Kind != EditKind.Create)
            return Stale(edit, PatchResult.Reject.Codes.StaleBase, "The file was not there when the patch was made. Make the patch again from the present file.");
        if (origin is not null && (file is null || !file.Content.Span.SequenceEqual(origin.Content.Span)))
            start = origin;
        return true;
    }

    private bool Stale(FileEdit edit, string code, string message)
    {
        _rejects.Add(new(code, edit.ReadPath, message) { PatchLine = edit.PatchLine });
        return false;
    }

    private void Delete(FileEdit edit, PatchTree.File start, PatchTree.File? file)
    {
        if (!ReferenceEquals(start, file) || !FileContent.IsDeletedContent(edit, start, patch.Text, @base is not null || edit.BaseHash is not null))
        {
            _rejects.Add(new(PatchResult.Reject.Codes.DeletedFileChanged, edit.Path, "The file to delete is not the one the patch shows, so deleting it could lose work. Show its present content in the deletion, or leave it out.") { PatchLine = edit.PatchLine });
            return;
        }
        _changes.TryAdd(edit.Path, new(edit.Path, null));
    }

    private ReadOnlyMemory<byte>? Merge(FileEdit edit, PatchTree.File start, PatchTree.File file, ReadOnlyMemory<byte> content)
    {
        var result = ThreeWayMerge.Merge(start.Content, file.Content, content);
        foreach (var clash in result.Conflicts)
            _conflicts.Add(new(edit.Path, clash.BaseLine, clash.Base, clash.Ours, clash.Theirs));
        return result.Merged;
    }

    private void Finish(FileEdit edit, PatchTree.File? file, ReadOnlyMemory<byte> content)
    {
        if (content.Length > options.Limit.FileBytes)
        {
            _rejects.Add(new(PatchResult.Reject.Codes.LimitExceeded, edit.Path, $"The file would have {content.Length} bytes; the limit is {options.Limit.FileBytes}."));
            return;
        }
        var mode = ModeRules.Canonical(edit.NewMode ?? file?.Mode ?? PatchTree.File.Regular);
        if (mode == PatchTree.File.Symlink && ModeRules.CheckLink(edit.Path, content.Span) is { } bad)
        {
            _rejects.Add(bad with { PatchLine = edit.PatchLine });
            return;
        }
        if (edit.Kind == EditKind.Rename)
            _changes.TryAdd(edit.ReadPath, new(edit.ReadPath, null));
        if (edit.Source is null && file is not null && mode == ModeRules.Canonical(file.Mode) && content.Span.SequenceEqual(file.Content.Span))
            return;
        _changes[edit.Path] = new(edit.Path, new(content, mode)) { OldPath = edit.Source };
    }

    private void CheckSyntax()
    {
        if (options.SyntaxGate is not { } gate)
            return;
        foreach (var change in _changes.Values)
        {
            if (change.File is not { } file)
                continue;
            var diagnostics = gate(change.Path, file.Content);
            if (diagnostics.Count > 0)
                _rejects.Add(new(PatchResult.Reject.Codes.Syntax, change.Path, "With the patch the file no longer parses: " + string.Join("; ", diagnostics)));
        }
    }
}
