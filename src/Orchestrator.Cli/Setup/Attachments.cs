using System.Globalization;
using System.Text;

namespace Orchestrator.Cli;

/// <summary>Reads the files that come with a task, each bounded: a model's window is not for a megabyte of log.</summary>
internal static class Attachments
{
    private const int MostKept = 64 * 1024;

    /// <summary>Of a larger file, beginning and end are looked at.</summary>
    private const int MostRead = 8 * 1024 * 1024;
    private const int Beginning = MostRead / 8;
    private const int MostFiles = 20;

    /// <summary>Reads them.</summary>
    /// <param name="surroundings">Where the command was given.</param>
    /// <param name="paths">The files.</param>
    /// <param name="notes">Gets a note for each that was shortened.</param>
    public static IReadOnlyList<TaskRequest.Attachment> Read(Surroundings surroundings, IReadOnlyList<string> paths, List<string> notes)
    {
        if (paths.Count > MostFiles)
        {
            throw CliException.BadInput($"--attach: {paths.Count} files are too many; give at most {MostFiles}.");
        }

        return [.. paths.Select(path => new TaskRequest.Attachment(Path.GetFileName(path), Read(surroundings.FullPath(path), notes)))];
    }

    private static string Read(string path, List<string> notes)
    {
        try
        {
            if (FileSystem.KindOf(path) is FileSystem.Kind.Folder or FileSystem.Kind.Nothing)
            {
                throw CliException.BadInput($"--attach: there is no file '{path}'.");
            }

            using var file = File.OpenRead(path);
            var head = ReadUpTo(file, MostRead + 1);
            if (head.AsSpan().Contains((byte)0))
            {
                throw CliException.BadInput($"--attach: '{path}' is not text.");
            }

            var text = Decode(head);
            if (head.Length > MostRead && file.CanSeek)
            {
                // The end of a log says most; its beginning says what it is a log of.
                file.Seek(Beginning - MostRead, SeekOrigin.End);
                var tail = ReadUpTo(file, MostRead - Beginning);
                text = string.Create(CultureInfo.InvariantCulture, $"{Decode(head.AsSpan(0, Beginning))}\n[… {file.Length - MostRead} bytes left out …]\n{Decode(tail)}");
            }

            if (text.Length <= MostKept)
            {
                return text;
            }

            notes.Add(string.Create(CultureInfo.InvariantCulture, $"'{Path.GetFileName(path)}' is long; its errors, stack traces and what stands around them are attached, {MostKept / 1024} KiB at most."));
            return FailureText.Cut(text, MostKept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"--attach: '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static byte[] ReadUpTo(FileStream file, int most)
    {
        var buffer = new byte[most];
        return buffer[..file.ReadAtLeast(buffer, most, throwOnEndOfStream: false)];
    }

    private static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
}
