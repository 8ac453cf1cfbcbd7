using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator;

/// <summary>A folder that this library made for itself, and the only code of this package that deletes folders.</summary>
/// <remarks>
/// Deleting is refused for anything that is not below the folder, for anything reached through a symbolic link, and in a folder that lacks the mark made at its creation.
/// A link is deleted itself, never what it leads to.
/// </remarks>
internal sealed class GuardedFolder
{
    private const string Mark = ".orchestrator-owned";

    private GuardedFolder(string path) => FullPath = path;

    public string FullPath { get; }

    /// <summary>Makes the folder with its mark, or opens it where it has one.</summary>
    /// <exception cref="OrchestratorException">The folder is a link, or holds something that is not this library's.</exception>
    public static GuardedFolder Open(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var mark = Path.Combine(full, Mark);
        if (!File.Exists(mark))
        {
            if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any(entry => Path.GetFileName(entry) != Mark))
            {
                throw new OrchestratorException($"'{full}' is to hold checkouts that are deleted again, but it has other things in it. Name an empty or new folder in GitOptions.CheckoutFolder.");
            }

            CreateFolder(full);
            File.WriteAllText(mark, "Everything in this folder is made and deleted by Orchestrator.\n");
        }

        return new DirectoryInfo(full).LinkTarget is null
            ? new GuardedFolder(full)
            : throw new OrchestratorException($"'{full}' is a symbolic link; name the folder itself in GitOptions.CheckoutFolder.");
    }

    public string Combine(string name) => Path.Combine(FullPath, name);

    /// <summary>Deletes something below the folder, whatever it is; nothing happens where there is nothing.</summary>
    /// <exception cref="OrchestratorException">The guard refused.</exception>
    public void Delete(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Refuse(!full.StartsWith(FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.GetFileName(full) == Mark, full);
        Refuse(!File.Exists(Path.Combine(FullPath, Mark)) || new DirectoryInfo(FullPath).LinkTarget is not null, full);
        for (var parent = Path.GetDirectoryName(full)!; parent.Length > FullPath.Length; parent = Path.GetDirectoryName(parent)!)
        {
            Refuse(new DirectoryInfo(parent).LinkTarget is not null, full);
        }

        try
        {
            DeleteEntry(new DirectoryInfo(full) is { Exists: true } folder ? folder : new FileInfo(full));
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // The mode of a folder that cannot be named is no mode, hence the second kind of exception.
            if (!TryDeleteUnspellable(full))
            {
                throw;
            }
        }
    }

    /// <summary>Deletes what has names in it that are no UTF-8: git checks them out, and .NET cannot spell them. Links are not followed either.</summary>
    private static bool TryDeleteUnspellable(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            var start = new ProcessStartInfo("/bin/rm", ["-rf", "--", full]) { RedirectStandardError = true };
            start.Environment.Clear();
            using var remove = Process.Start(start)!;
            remove.StandardError.ReadToEnd();
            remove.WaitForExit();
        }
        catch (Win32Exception)
        {
            return false;
        }

        return !Directory.Exists(full);
    }

    private static void DeleteEntry(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo { LinkTarget: null } folder)
        {
            if (!OperatingSystem.IsWindows())
            {
                // Package caches are often written without permission to delete in them.
                folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            }

            foreach (var child in folder.EnumerateFileSystemInfos("*", Everything))
            {
                DeleteEntry(child);
            }
        }

        if (entry is DirectoryInfo { LinkTarget: null } or FileInfo)
        {
            entry.Delete();
        }
        else
        {
            Directory.Delete(entry.FullName, recursive: false);
        }
    }

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Refuse(bool unsafeToDelete, string path)
    {
        if (unsafeToDelete)
        {
            throw new OrchestratorException($"Refused to delete '{path}': it is not plainly inside a folder that this library made.");
        }
    }
}
