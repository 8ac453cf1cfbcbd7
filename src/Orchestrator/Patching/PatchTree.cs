namespace Orchestrator.Patching;

/// <summary>What a patch is applied to: files by path. A view for reading, so that applying touches no disk.</summary>
/// <remarks>Paths are spelt as git spells them: relative, with <c>/</c>. A tree made from delegates is as safe for concurrent use as they are; what they throw reaches the caller.</remarks>
public sealed class PatchTree
{
    private readonly Func<string, PatchFile?> _read;
    private readonly Func<IEnumerable<string>> _paths;

    private PatchTree(Func<string, PatchFile?> read, Func<IEnumerable<string>> paths)
    {
        _read = read;
        _paths = paths;
    }

    /// <summary>A tree without files.</summary>
    public static PatchTree Empty { get; } = new(_ => null, () => []);

    /// <summary>Every path of the tree. Asked for only when a patch creates a path, to find names that collide.</summary>
    public IEnumerable<string> Paths => _paths();

    /// <summary>A tree held in a dictionary.</summary>
    public static PatchTree FromFiles(IReadOnlyDictionary<string, PatchFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new(path => files.GetValueOrDefault(path), () => files.Keys);
    }

    /// <summary>A tree held in a dictionary of plain file contents.</summary>
    public static PatchTree FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new(path => files.TryGetValue(path, out var bytes) ? new PatchFile(bytes) : null, () => files.Keys);
    }

    /// <summary>A tree read on demand.</summary>
    /// <param name="read">Gives a file, or null where there is none. Load <see cref="PatchSet.Paths"/> beforehand when reading has to be asynchronous; links among a path's parents are asked for as well.</param>
    /// <param name="paths">Every path of the tree.</param>
    public static PatchTree FromDelegates(Func<string, PatchFile?> read, Func<IEnumerable<string>> paths)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(paths);
        return new(read, paths);
    }

    /// <summary>The file at a path, or null.</summary>
    public PatchFile? Read(string path) => _read(path);
}
