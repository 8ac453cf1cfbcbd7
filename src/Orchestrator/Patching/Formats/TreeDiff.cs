namespace Orchestrator.Patching;

/// <summary>Writes what changed between two trees.</summary>
internal static class TreeDiff
{
    /// <summary>Lines of unchanged text around a change, as git has by default.</summary>
    private const int ContextLines = 3;

    public static ReadOnlyMemory<byte> Between(PatchTree before, PatchTree after, IEnumerable<string>? paths)
    {
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
}
