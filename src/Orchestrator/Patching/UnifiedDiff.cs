namespace Orchestrator.Patching;

/// <summary>Writes what changed between files or trees as a git-style diff that git, other tools and <see cref="PatchSet"/> can apply.</summary>
public static class UnifiedDiff
{
    /// <summary>Lines of unchanged text around a change, as git has by default.</summary>
    private const int ContextLines = 3;

    /// <summary>The difference between two trees, files ordered by path. Empty when there is none.</summary>
    /// <param name="before">The old tree.</param>
    /// <param name="after">The new tree.</param>
    /// <param name="paths">The paths to compare; all paths of both trees when null.</param>
    /// <remarks>A file that is gone and one that is new with the same bytes are written as a rename. Contents with NUL bytes are written as binary data, both ways.</remarks>
    public static ReadOnlyMemory<byte> Create(PatchTree before, PatchTree after, IEnumerable<string>? paths = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var sections = new List<DiffSection>();
        foreach (var path in (paths ?? before.Paths.Concat(after.Paths)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, fresh) = (before.Read(path), after.Read(path));
            if (old is null && fresh is null)
                continue;
            if (old is null || fresh is null || old.Mode != fresh.Mode || !old.Content.Span.SequenceEqual(fresh.Content.Span))
                sections.Add(new(path, path, old, fresh));
        }
        using var output = new MemoryStream();
        foreach (var section in DiffSection.PairRenames(sections))
            section.Write(output, ContextLines);
        return output.ToArray();
    }

    /// <summary>The difference between two versions of one file; null stands for a file that does not exist.</summary>
    public static ReadOnlyMemory<byte> Create(string path, PatchFile? before, PatchFile? after)
    {
        ArgumentNullException.ThrowIfNull(path);
        PatchTree Single(PatchFile? file) => PatchTree.FromDelegates(other => other == path ? file : null, () => file is null ? [] : [path]);
        return Create(Single(before), Single(after), [path]);
    }
}
