using System.Diagnostics;
using System.Text;

namespace Orchestrator.Git.Tests;

/// <summary>A real git repository in a folder of its own, deleted with everything beside it when the test ends.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    private static int s_number;

    public TemporaryRepository(params string[] initOptions)
    {
        Folder = Path.Combine(Path.GetTempPath(), $"orchestrator tests {Environment.ProcessId}.{Interlocked.Increment(ref s_number)}");
        Root = Path.Combine(Folder, "user's checkout");
        Directory.CreateDirectory(Root);
        Git(["init", "--quiet", "--initial-branch=main", .. initOptions]);
        Git("config", "user.name", "User");
        Git("config", "user.email", "user@localhost");
    }

    public string Folder { get; }

    public string Root { get; }

    public string CheckoutFolder => Path.Combine(Folder, "check outs");

    public static RunId Run { get; } = new(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0001"));

    public string Git(params string[] arguments) => GitAt(Root, arguments);

    public static string GitAt(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", (string[])["-C", folder, "-c", "core.quotePath=false", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }

    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    public void Commit(string message = "Start")
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
    }

    public GitWorkspaceProvider Provider(string test = "", Func<GitRepositoryOptions, GitRepositoryOptions>? configure = null, Action<GitOptions>? options = null)
    {
        var git = new GitOptions { CheckoutFolder = CheckoutFolder };
        var repository = new GitRepositoryOptions(Root) { Test = test };
        git.AddRepository("drafts", configure?.Invoke(repository) ?? repository);
        options?.Invoke(git);
        return new GitWorkspaceProvider(git, TimeProvider.System);
    }

    public async Task<IWorkspace> OpenAsync(string test = "", Func<GitRepositoryOptions, GitRepositoryOptions>? configure = null) =>
        await Provider(test, configure).OpenAsync(new TaskRequest.RepoScope(), Run, null, 1, default);

    public static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode);
        }
    }

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            if (new DirectoryInfo(folder).LinkTarget is null)
            {
                SetMode(folder, 0b111_000_000);
            }
        }

        Directory.Delete(Folder, recursive: true);
    }
}
