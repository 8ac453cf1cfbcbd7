using System.Text;

namespace Orchestrator.Patching;

/// <summary>What a set of changes may do to the tree as a whole: no write through a link, no two names for one file, nothing that is a file and a folder at once.</summary>
internal static class TreeRules
{
    /// <summary>Checks the paths a set reads and writes. <paramref name="made"/> are paths that come to be, <paramref name="gone"/> those that cease, <paramref name="touched"/> all others.</summary>
    public static void Check(PatchTree tree, IReadOnlyCollection<string> made, IReadOnlySet<string> gone, IEnumerable<string> touched, List<PatchResult.Reject> rejects)
    {
        var parents = new Dictionary<string, PatchTree.File?>(StringComparer.Ordinal);
        var before = rejects.Count;
        foreach (var path in made.Concat(gone).Concat(touched).Distinct(StringComparer.Ordinal))
            CheckParents(tree, path, made, parents, rejects);

        // A path that cannot be reached collides with what is in its way, and that has been said.
        if (made.Count > 0 && rejects.Count == before)
            CheckNames(tree, made, gone, rejects);
    }

    private static void CheckParents(PatchTree tree, string path, IReadOnlyCollection<string> made, Dictionary<string, PatchTree.File?> known, List<PatchResult.Reject> rejects)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var parent = path[..slash];
            if (!known.TryGetValue(parent, out var file))
                known.Add(parent, file = tree.Read(parent));
            if (file is { Mode: PatchTree.File.Symlink })
                rejects.Add(new(PatchResult.Reject.Codes.UnsafeLink, path, $"The path goes through the symbolic link {parent}."));
            else if (file is not null || made.Contains(parent))
                rejects.Add(new(PatchResult.Reject.Codes.PathCollision, path, $"{parent} is a file, so it cannot hold {path}."));
            else
                continue;
            return;
        }
    }

    private static void CheckNames(PatchTree tree, IReadOnlyCollection<string> made, IReadOnlySet<string> gone, List<PatchResult.Reject> rejects)
    {
        // Every name a new path brings, folders included, by its form on a file system that does not tell case apart.
        var fresh = new Dictionary<string, (string Name, string Path, bool IsFile)>(StringComparer.Ordinal);
        foreach (var path in made)
        {
            foreach (var (name, isFile) in Names(path))
            {
                if (!fresh.TryAdd(Fold(name), (name, path, isFile)) && fresh[Fold(name)] is var other && (other.Name != name || other.IsFile != isFile))
                    rejects.Add(Collision(path, name, other.Name));
            }
        }
        foreach (var path in tree.Paths)
        {
            var isGone = gone.Contains(path);
            foreach (var (name, isFile) in Names(path))
            {
                if (!fresh.TryGetValue(Fold(name), out var other) || (other.Name == name && other.IsFile == isFile))
                    continue;
                // A file that leaves makes room for another spelling, but not for a folder of its name.
                if (isGone && other.IsFile == isFile && isFile)
                    continue;
                if (isGone && !isFile && other.Name != name && !other.IsFile && tree.Paths.All(p => gone.Contains(p) || !p.StartsWith(name + "/", StringComparison.Ordinal)))
                    continue;
                rejects.Add(Collision(other.Path, other.Name, name));
                return;
            }
        }
    }

    private static PatchResult.Reject Collision(string path, string name, string other) => new(
        PatchResult.Reject.Codes.PathCollision,
        path,
        name == other ? $"{name} would be a file and a folder at once." : $"{name} and {other} are the same name on a file system that does not tell case apart.");

    private static IEnumerable<(string Name, bool IsFile)> Names(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return (path[..slash], false);
        yield return (path, true);
    }

    private static string Fold(string name)
    {
        if (Ascii.IsValid(name))
            return name.ToUpperInvariant();
        try
        {
            return name.Normalize(NormalizationForm.FormC).ToUpperInvariant();
        }
        catch (ArgumentException)
        {
            // Not well-formed UTF-16: no normal form, and no other spelling either.
            return name;
        }
    }
}
