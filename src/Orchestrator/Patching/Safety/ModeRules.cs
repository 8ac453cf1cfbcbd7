namespace Orchestrator.Patching;

/// <summary>Which modes and link targets a patch may write.</summary>
internal static class ModeRules
{
    /// <summary>A reject when a mode is not one that git stores, or not allowed here.</summary>
    public static PatchResult.Reject? Check(string path, string? mode, PatchOptions options) => mode switch
    {
        null or PatchTree.File.Regular or PatchTree.File.Executable or "100664" => null,
        PatchTree.File.Symlink when options.AllowSymlinks => null,
        PatchTree.File.Submodule when options.AllowSubmodules => null,
        PatchTree.File.Symlink => new(PatchResult.Reject.Codes.UnsafeMode, path, "The patch touches a symbolic link, which is not allowed here."),
        PatchTree.File.Submodule => new(PatchResult.Reject.Codes.UnsafeMode, path, "The patch touches a submodule, which is not allowed here."),
        _ => new(PatchResult.Reject.Codes.UnsafeMode, path, $"The mode {mode} is not one a file may have; use {PatchTree.File.Regular} or {PatchTree.File.Executable}."),
    };

    /// <summary>The mode as git stores it: group bits of old repositories are dropped.</summary>
    public static string Canonical(string mode) => mode == "100664" ? PatchTree.File.Regular : mode;

    /// <summary>A reject when a link points out of the tree or into git's folder.</summary>
    public static PatchResult.Reject? CheckLink(string path, ReadOnlySpan<byte> target)
    {
        var text = QuotedPath.Decode(target);
        if (string.IsNullOrEmpty(text) || text[0] == '/' || text.Contains('\\', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal))
            return Bad(path);
        var parts = new List<string>(path.Split('/')[..^1]);
        foreach (var part in text.TrimEnd('/').Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return Bad(path);
            else
                parts.RemoveAt(parts.Count - 1);
        }
        return parts.Count > 0 && PathRules.Problem(string.Join('/', parts)) is not null ? Bad(path) : null;
    }

    private static PatchResult.Reject Bad(string path) => new(PatchResult.Reject.Codes.UnsafeLink, path, "The symbolic link points out of the tree or to a place it may not name.");
}
