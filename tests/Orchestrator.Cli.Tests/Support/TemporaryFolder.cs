using System.Text;

namespace Orchestrator.Cli.Tests;

/// <summary>A folder of its own, deleted when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("orchestrator-cli-").FullName;

    public string Path { get; }

    public string this[string path] => File.ReadAllText(At(path));

    public string At(string path) => System.IO.Path.Combine(Path, path);

    public TemporaryFolder Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>Everything in the folder: names, link targets, modes and contents.</summary>
    public string Snapshot() => string.Join('\n', new DirectoryInfo(Path).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
        .Select(entry => $"{entry.FullName} {entry.UnixFileMode} {entry.LinkTarget ?? (entry is FileInfo { Length: var length } ? $"{length} {Convert.ToHexString(File.ReadAllBytes(entry.FullName))}" : "")}"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
