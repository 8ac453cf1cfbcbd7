namespace Orchestrator.Patching;

/// <summary>The header of one diff section, gathered line by line and then made into an edit.</summary>
internal sealed class SectionHeader(int line)
{
    private string? _gitOld, _gitNew, _oldName, _newName;
    private string? _renameFrom, _renameTo, _copyFrom, _copyTo;
    private string? _oldMode, _newMode, _createMode, _deleteMode, _oldBlob, _newBlob;
    private string? _wholeMode;
    private bool _isGit, _hasNames, _wholeText;

    public int Line { get; } = line;

    public string? Problem { get; private set; }

    public string ProblemCode { get; private set; } = PatchResult.Reject.Codes.Malformed;

    /// <summary>Whether the header alone is a whole edit.</summary>
    public bool StandsWithoutHunks => _wholeMode is not null || _renameTo is not null || _copyTo is not null || _createMode is not null || _deleteMode is not null || (_oldMode is not null && _newMode is not null);

    public int ReadGit(PatchText text, int at)
    {
        _isGit = true;
        if (!HeaderPaths.TryGitLine(text.Header(at)["diff --git ".Length..], out _gitOld, out _gitNew))
            Fail(PatchResult.Reject.Codes.UnsafePath, "A path in the header is not valid UTF-8 or its quoting is broken.");
        for (at++; at < text.Count; at++)
        {
            var content = text.Header(at);
            if (Value(content, "old mode "u8, out var value))
                _oldMode = value;
            else if (Value(content, "new mode "u8, out value))
                _newMode = value;
            else if (Value(content, "deleted file mode "u8, out value))
                _deleteMode = value;
            else if (Value(content, "new file mode "u8, out value))
                _createMode = value;
            else if (Value(content, "whole file mode "u8, out value))
                _wholeMode = value;
            else if (Value(content, "whole text mode "u8, out value))
                (_wholeMode, _wholeText) = (value, true);
            else if (PathValue(content, "rename from "u8, ref _renameFrom) || PathValue(content, "rename to "u8, ref _renameTo)
                || PathValue(content, "copy from "u8, ref _copyFrom) || PathValue(content, "copy to "u8, ref _copyTo)
                || content.StartsWith("similarity index "u8) || content.StartsWith("dissimilarity index "u8))
                continue;
            else if (Value(content, "index "u8, out value))
                ReadIndex(value);
            else
                break;
        }
        return at;
    }

    public int ReadNames(PatchText text, int at)
    {
        if (!text.StartsWith(at, "--- "u8))
            return at;
        _hasNames = true;
        if (!HeaderPaths.TryName(text.Lines[at][4..], out _oldName))
            Fail(PatchResult.Reject.Codes.UnsafePath, "A path in the header is not valid UTF-8 or its quoting is broken.");
        if (!text.StartsWith(at + 1, "+++ "u8))
        {
            _newName = _oldName;
            return at + 1;
        }
        if (!HeaderPaths.TryName(text.Lines[at + 1][4..], out _newName))
            Fail(PatchResult.Reject.Codes.UnsafePath, "A path in the header is not valid UTF-8 or its quoting is broken.");
        return at + 2;
    }

    /// <summary>The edit the header states, without its hunks; null when its parts contradict each other.</summary>
    public FileEdit? ToEdit(out string? problem)
    {
        problem = null;
        ProblemCode = PatchResult.Reject.Codes.SectionsDisagree;
        if ((_renameFrom is null) != (_renameTo is null) || (_copyFrom is null) != (_copyTo is null) || (_renameTo is not null && _copyTo is not null) || (_createMode is not null && _deleteMode is not null))
        {
            problem = "The header's rename, copy, create and delete lines contradict each other.";
            return null;
        }
        if (_renameTo is not null || _copyTo is not null)
            return MoveEdit(out problem);

        var creates = _createMode is not null || (_hasNames && _oldName is null);
        var deletes = _deleteMode is not null || (_hasNames && _newName is null);
        if (creates && deletes)
        {
            problem = "The section creates and deletes the same file.";
            return null;
        }
        var path = FindPath(creates, deletes, out var alternatives, out problem);
        if (_wholeMode == "none")
            return path is null ? null : new FileEdit(EditKind.Delete, path) { PatchLine = Line + 1 };
        if (_wholeMode is not null)
            return path is null ? null : new FileEdit(EditKind.Write, path) { NewMode = _wholeMode == "same" ? null : _wholeMode, ContentIsText = _wholeText, PatchLine = Line + 1 };
        return path is null ? null : new FileEdit(creates ? EditKind.Create : deletes ? EditKind.Delete : EditKind.Modify, path)
        {
            Alternatives = alternatives,
            Names = alternatives.Count == 0 ? null : _gitOld is not null && _gitNew is not null ? (_gitOld, _gitNew) : (_oldName ?? _newName!, _newName ?? _oldName!),
            IsPlain = alternatives.Count > 0 && (_gitOld is null || _gitNew is null),
            OldMode = _deleteMode ?? _oldMode,
            NewMode = _createMode ?? _newMode,
            OldBlob = _oldBlob,
            NewBlob = _newBlob,
            NeedsContent = deletes,
            PatchLine = Line + 1,
        };
    }

    /// <summary>A section that only adds to an empty old side creates the file when there is none, even without <c>/dev/null</c>; the tree decides.</summary>
    public FileEdit Refine(FileEdit edit, List<Hunk> hunks) =>
        edit.Kind == EditKind.Modify && !_isGit && hunks is [{ OldStart: 0, OldCount: 0 } only] && only.CountOld() == 0 ? edit with { Kind = EditKind.Create, MayFill = true } : edit;

    private FileEdit? MoveEdit(out string? problem)
    {
        problem = null;
        var (from, to) = (_renameFrom ?? _copyFrom!, _renameTo ?? _copyTo!);
        if (_createMode is not null || _deleteMode is not null || (_hasNames && (!Agrees(_oldName, from) || !Agrees(_newName, to))) || !Agrees(_gitOld ?? from, from) || !Agrees(_gitNew ?? to, to))
        {
            problem = "The header names different files in its lines.";
            return null;
        }
        return new FileEdit(_renameTo is not null ? EditKind.Rename : EditKind.Copy, to)
        {
            Source = from,
            OldMode = _oldMode,
            NewMode = _newMode,
            OldBlob = _oldBlob,
            NewBlob = _newBlob,
            PatchLine = Line + 1,
        };
    }

    private string? FindPath(bool creates, bool deletes, out IReadOnlyList<string> alternatives, out string? problem)
    {
        problem = null;
        alternatives = [];
        var gitPath = _gitOld is null && _gitNew is null ? null : HeaderPaths.Common(_gitOld, _gitNew, out alternatives);
        if (_isGit && gitPath is null && _gitOld is not null)
        {
            problem = "The 'diff --git' line names two different files without a rename.";
            return null;
        }
        if (!_hasNames)
        {
            if (gitPath is null)
                problem = "The header does not say which file it is for.";
            return gitPath;
        }
        if (gitPath is not null)
        {
            var git = gitPath;
            var others = alternatives;
            bool Fits(string? name) => Agrees(name, git) || others.Any(other => Agrees(name, other));
            if ((!creates || _oldName is not null) && !Fits(_oldName) || (!deletes || _newName is not null) && !Fits(_newName))
            {
                problem = "The 'diff --git' line and the '---' and '+++' lines name different files.";
                return null;
            }
            return gitPath;
        }
        var path = HeaderPaths.Common(_oldName, _newName, out alternatives);
        if (path is null)
            problem = "The '---' and '+++' lines name different files without a rename.";
        return path;
    }

    /// <summary>Whether a name is the path, with or without a prefix before it.</summary>
    private static bool Agrees(string? name, string path) => name is not null && (name == path || HeaderPaths.Strip(name) == path);

    private void ReadIndex(string value)
    {
        var blobs = value.Split(' ', 2);
        var dots = blobs[0].IndexOf("..", StringComparison.Ordinal);
        if (dots < 4 || !blobs[0].Replace("..", "", StringComparison.Ordinal).All(char.IsAsciiHexDigit))
            return;
        // Only a special mode is remembered: that of a plain file is often made up, and says nothing the tree does not say.
        if (blobs.Length > 1 && blobs[1].Trim() is not (PatchTree.File.Regular or PatchTree.File.Executable) and var mode)
            _oldMode ??= mode;
        (_oldBlob, _newBlob) = (blobs[0][..dots].ToLowerInvariant(), blobs[0][(dots + 2)..].ToLowerInvariant());
    }

    private static bool Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, out string value)
    {
        value = "";
        if (!line.StartsWith(key))
            return false;
        value = System.Text.Encoding.UTF8.GetString(line[key.Length..]).Trim();
        return true;
    }

    private bool PathValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, ref string? path)
    {
        if (!line.StartsWith(key))
            return false;
        var value = QuotedPath.Read(line[key.Length..], out _);
        if (value is null)
            Fail(PatchResult.Reject.Codes.UnsafePath, "A path in the header is not valid UTF-8 or its quoting is broken.");
        else if (path is not null && path != value)
            Fail(PatchResult.Reject.Codes.SectionsDisagree, "The header states a path twice, differently.");
        path = value ?? "";
        return true;
    }

    private void Fail(string code, string problem)
    {
        if (Problem is null)
            (ProblemCode, Problem) = (code, problem);
    }
}
