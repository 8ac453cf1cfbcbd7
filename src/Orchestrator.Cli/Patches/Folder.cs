using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>A folder on disk as a tree of files. Nothing outside it is ever read: links are read as links, and git's own folder is not there.</summary>
internal sealed class Folder
{
    private const long MostBytes = 256 * 1024 * 1024;

    private readonly Dictionary<string, PatchTree.File?> _read = new(StringComparer.Ordinal);

    private Folder(string root) => Root = root;

    /// <summary>Where it is; links on the way to it are the user's own.</summary>
    public string Root { get; }

    public static Folder Open(string path, string option)
    {
        if (!Directory.Exists(path))
        {
            throw CliException.BadInput($"{option}: there is no folder '{path}'.");
        }

        return new Folder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }

    public PatchTree ToTree() => PatchTree.FromDelegates(Read, ListPaths);

    /// <summary>What was read at a path before; <see langword="null"/> where nothing stood.</summary>
    public PatchTree.File? AsRead(string path) => _read.GetValueOrDefault(path);

    public string FullPath(string path) => Path.Combine(Root, path);

    /// <summary>The file at a path as it is now.</summary>
    public PatchTree.File? ReadNow(string path)
    {
        if (!RepoPath.TryParse(path, null, out _) || FindObstacle(path) is not null)
        {
            return null;
        }

        var full = FullPath(path);
        switch (FileSystem.KindOf(full))
        {
            case FileSystem.Kind.Link:
                return new PatchTree.File(Encoding.UTF8.GetBytes(new FileInfo(full).LinkTarget ?? ""), PatchTree.File.Symlink);
            case FileSystem.Kind.File:
                var file = new FileInfo(full);
                if (file.Length > MostBytes)
                {
                    throw CliException.Refused($"'{path}' has {file.Length} bytes; files above {MostBytes} are not patched.");
                }

                return new PatchTree.File(File.ReadAllBytes(full), IsExecutable(full) ? PatchTree.File.Executable : PatchTree.File.Regular);
            case FileSystem.Kind.Special:
                throw CliException.Refused($"'{path}' is neither a file, a folder nor a link, so it cannot be patched.");
            default:
                return null;
        }
    }

    /// <summary>The first part of a path's folders that is not a folder, or <see langword="null"/>. A link is not a folder, wherever it leads.</summary>
    public string? FindObstacle(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var kind = FileSystem.KindOf(FullPath(path[..slash]));
            if (kind is not FileSystem.Kind.Folder)
            {
                return kind is FileSystem.Kind.Nothing ? null : path[..slash];
            }
        }

        return null;
    }

    public static bool IsExecutable(string full) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(full) & UnixFileMode.UserExecute) != 0;

    private PatchTree.File? Read(string path)
    {
        if (!_read.TryGetValue(path, out var file))
        {
            _read.Add(path, file = ReadNow(path));
        }

        return file;
    }

    private IEnumerable<FileSystemInfo> Entries(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(FullPath(folder)).EnumerateFileSystemInfos()];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Asked only in order to find names that collide with a new one, which is what writing it would find out as well.
            return [];
        }
    }

    private List<string> ListPaths()
    {
        var paths = new List<string>();
        var open = new Stack<string>([""]);
        while (open.TryPop(out var folder))
        {
            foreach (var entry in Entries(folder))
            {
                if (entry.Name.Equals(".git", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (entry is DirectoryInfo && entry.LinkTarget is null)
                {
                    open.Push(path);
                }
                else
                {
                    paths.Add(path);
                }
            }
        }

        return paths;
    }
}
