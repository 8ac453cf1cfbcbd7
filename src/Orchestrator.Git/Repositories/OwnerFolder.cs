using System.Globalization;

namespace Orchestrator;

/// <summary>The temporary folder of one owner of one run: its checkout, its indexes, its reports. Deleted when the owner gives it up, or by the next one if it was killed.</summary>
internal sealed class OwnerFolder : IDisposable
{
    private static int s_number;

    private readonly GuardedFolder _root;
    private readonly FileStream _lock;
    private readonly string _lockPath;

    private OwnerFolder(GuardedFolder root, string id, FileStream fileLock, string lockPath)
    {
        (_root, Id, _lock, _lockPath) = (root, id, fileLock, lockPath);
        FullPath = root.Combine(id);
    }

    /// <summary>Names this owner on this machine; processes are marked with it.</summary>
    public string Id { get; }

    public string FullPath { get; }

    /// <summary>Makes a fresh folder, after deleting those whose owners are dead and ending what they left running.</summary>
    public static OwnerFolder Create(string root, RunId run, long epoch, IProcessTree processes)
    {
        var guarded = GuardedFolder.Open(root);
        Prune(guarded, processes);
        while (true)
        {
            // Counted over all folders of this process: the id also marks processes, and no owner may end another's.
            var id = string.Create(CultureInfo.InvariantCulture, $"{run}.{epoch}.{Environment.ProcessId}.{Interlocked.Increment(ref s_number)}");
            var lockPath = guarded.Combine(id + ".lock");
            if (TryLock(lockPath) is not { } fileLock)
            {
                continue;
            }

            var folder = new OwnerFolder(guarded, id, fileLock, lockPath);
            guarded.Delete(folder.FullPath);
            Directory.CreateDirectory(folder.FullPath);
            return folder;
        }
    }

    /// <summary>Makes a folder below this one and gives its path.</summary>
    public string MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName;

    /// <summary>Deletes something below this folder.</summary>
    public void Delete(string path) => _root.Delete(path);

    public void Dispose()
    {
        try
        {
            Delete(FullPath);
            File.Delete(_lockPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OrchestratorException)
        {
            // What cannot be deleted now is deleted by the next owner of any run: the lock tells it that nobody uses it.
        }

        _lock.Dispose();
    }

    private static void Prune(GuardedFolder root, IProcessTree processes)
    {
        foreach (var lockPath in Directory.EnumerateFiles(root.FullPath, "*.lock").ToList())
        {
            // The operating system gives the lock up when its holder dies, however it dies; so a lock to be had is a folder without an owner.
            if (TryLock(lockPath) is { } fileLock)
            {
                using (fileLock)
                {
                    var id = Path.GetFileNameWithoutExtension(lockPath);
                    try
                    {
                        processes.End(id);
                        root.Delete(root.Combine(id));
                        File.Delete(lockPath);
                    }
                    catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OrchestratorException)
                    {
                        // Left for the next owner; it must not keep this one from working.
                    }
                }
            }
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
