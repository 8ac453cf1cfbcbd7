using System.Text;

namespace Orchestrator.Testing;

/// <summary>What the workspace cases are written in: a provider, the workspaces opened on it, and demands.</summary>
internal sealed class WorkspaceProbe(IWorkspaceProvider provider, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly List<IWorkspace> _opened = [];

    public static IReadOnlyList<IWorkspace.File> InitialFiles { get; } =
    [
        Text("README.md", "# Drafts\n"),
        Text("src/Drafts.cs", "class Drafts\n{\n    void Save() { }\n}\n"),
        Text("src/Other.cs", "class Other { }\n"),
        Text("tests/DraftsTests.cs", "class DraftsTests { }\n"),
        Text("windows.txt", "one\r\ntwo\r\n"),
        new(Path("bom.txt"), (byte[])[0xEF, 0xBB, 0xBF, .. "text\n"u8]),
        new(Path("bytes.bin"), (byte[])[0, 1, 2, 255, 0, (byte)'\r', (byte)'\n', 128]),
        Text("docs/ärger ünd 日本.md", "Grüße\n"),
        new(Path("run.sh"), Encoding.UTF8.GetBytes("#!/bin/sh\n"), "100755"),
        new(Path("link"), Encoding.UTF8.GetBytes("src/Drafts.cs"), "120000"),
        Text("empty.txt", ""),
    ];

    public CancellationToken Token => cancellationToken;

    public IWorkspaceProvider Provider => provider;

    public static RunId Run { get; } = new(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0001"));

    public static RepoPath Path(string path) => RepoPath.Parse(path, null);

    public static IWorkspace.File Text(string path, string text) => new(Path(path), Encoding.UTF8.GetBytes(text));

    public static IWorkspace.File Deleted(string path) => new(Path(path), null);

    public async Task<IWorkspace> OpenAsync(long epoch = 1, IWorkspace.Revision? from = null, RunId? run = null)
    {
        var workspace = await provider.OpenAsync(new TaskRequest.RepoScope(), run ?? Run, from, epoch, cancellationToken).ConfigureAwait(false);
        _opened.Add(workspace);
        return workspace;
    }

    public Task<IWorkspace.Revision> CommitAsync(IWorkspace workspace, IWorkspace.Revision parent, int call, params IWorkspace.File[] files) =>
        workspace.CommitAsync(new IWorkspace.Commit(parent, files, $"Change of call {call}", new CallId(call), "code_edit"), cancellationToken).AsTask();

    public async Task<string?> ReadAsync(IWorkspace workspace, IWorkspace.Revision at, string path) =>
        await workspace.ReadAsync(at, Path(path), cancellationToken).ConfigureAwait(false) is { Bytes: { } bytes } ? Encoding.UTF8.GetString(bytes.Span) : null;

    public static async Task<T> ThrowsAsync<T>(Func<Task> action, string what)
        where T : Exception
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (T expected)
        {
            return expected;
        }

        throw new ConformanceException($"{what} must throw {typeof(T).Name}.");
    }

    public static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new ConformanceException(what);
        }
    }

    public static void Same<T>(T expected, T actual, string what) =>
        Demand(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected '{expected}', got '{actual}'.");

    public static void SamePaths(IEnumerable<string> expected, IEnumerable<RepoPath> actual, string what) =>
        Same(string.Join(", ", expected), string.Join(", ", actual), what);

    public async ValueTask DisposeAsync()
    {
        foreach (var workspace in _opened)
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
        }

        (provider as IDisposable)?.Dispose();
    }
}
