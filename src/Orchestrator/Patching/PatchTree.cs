namespace Orchestrator.Patching;

/// <summary>What a patch is applied to: files by path. A view for reading, so that applying touches no disk.</summary>
/// <remarks>Paths are spelt as git spells them: relative, with <c>/</c>. A tree made from delegates is as safe for concurrent use as they are; what they throw reaches the caller.</remarks>
public sealed class PatchTree
{
    private readonly Func<string, File?> _read;
    private readonly Func<IEnumerable<string>> _paths;

    private PatchTree(Func<string, File?> read, Func<IEnumerable<string>> paths)
    {
        _read = read;
        _paths = paths;
    }

    /// <summary>A tree without files.</summary>
    public static PatchTree Empty { get; } = new(_ => null, () => []);

    /// <summary>Every path of the tree. Asked for only when a patch creates a path, to find names that collide.</summary>
    public IEnumerable<string> Paths => _paths();

    /// <summary>A tree held in a dictionary.</summary>
    public static PatchTree FromFiles(IReadOnlyDictionary<string, File> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new(path => files.GetValueOrDefault(path), () => files.Keys);
    }

    /// <summary>A tree held in a dictionary of plain file contents.</summary>
    public static PatchTree FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new(path => files.TryGetValue(path, out var bytes) ? new File(bytes) : null, () => files.Keys);
    }

    /// <summary>A tree read on demand.</summary>
    /// <param name="read">Gives a file, or null where there is none. Load <see cref="PatchSet.Paths"/> beforehand when reading has to be asynchronous; links among a path's parents are asked for as well.</param>
    /// <param name="paths">Every path of the tree.</param>
    public static PatchTree FromDelegates(Func<string, File?> read, Func<IEnumerable<string>> paths)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(paths);
        return new(read, paths);
    }

    /// <summary>The file at a path, or null.</summary>
    public File? Read(string path) => _read(path);

    /// <summary>One file as git has it: its bytes and its mode.</summary>
    /// <param name="Content">The bytes, in whatever encoding the file has. For a symbolic link, the target.</param>
    /// <param name="Mode">The mode in git's octal spelling, such as <see cref="Regular"/>.</param>
    /// <remarks>Immutable as long as the caller leaves the memory alone. Equality is by reference to the memory, not by content.</remarks>
    public sealed record File(ReadOnlyMemory<byte> Content, string Mode = File.Regular)
    {
        /// <summary>An ordinary file.</summary>
        public const string Regular = "100644";

        /// <summary>A file that may be executed.</summary>
        public const string Executable = "100755";

        /// <summary>A symbolic link.</summary>
        public const string Symlink = "120000";

        /// <summary>A commit of another repository.</summary>
        public const string Submodule = "160000";
    }
}
