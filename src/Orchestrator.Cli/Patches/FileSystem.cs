using System.Runtime.InteropServices;

namespace Orchestrator.Cli;

/// <summary>What the platform's own file API does not tell or do: what stands at a path without following links, hard links, and the flushing of folders.</summary>
/// <remarks>Linux answers exactly. Elsewhere the answers are as good as the platform's API lets them be, and a folder is not flushed.</remarks>
internal static partial class FileSystem
{
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeAndMode = 0x3;
    private const int ModeOffset = 28;

    /// <summary>What stands at a path itself, links not followed.</summary>
    public enum Kind
    {
        Nothing,
        File,
        Folder,
        Link,

        /// <summary>A pipe, a socket or a device: reading it may wait for ever.</summary>
        Special,
    }

    public static Kind KindOf(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> answer = stackalloc byte[256];
            if (StatX(AtCurrentFolder, path, NoFollow, TypeAndMode, ref MemoryMarshal.GetReference(answer)) != 0)
            {
                return Kind.Nothing;
            }

            return (MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & 0xF000) switch
            {
                0x8000 => Kind.File,
                0x4000 => Kind.Folder,
                0xA000 => Kind.Link,
                _ => Kind.Special,
            };
        }

        var file = new FileInfo(path);
        return file.LinkTarget is not null ? Kind.Link : file.Exists ? Kind.File : Directory.Exists(path) ? Kind.Folder : Kind.Nothing;
    }

    /// <summary>Gives a file a second name, where the file system can.</summary>
    public static bool TryLink(string file, string second) => !OperatingSystem.IsWindows() && Link(file, second) == 0;

    /// <summary>Makes renames in a folder durable.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsLinux() && Open(folder, 0) is >= 0 and var descriptor)
        {
            _ = FSync(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>Whether this process could write into a folder; asking changes nothing.</summary>
    public static bool IsWritable(string folder) => OperatingSystem.IsWindows() || Access(folder, 2) == 0;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string second);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
