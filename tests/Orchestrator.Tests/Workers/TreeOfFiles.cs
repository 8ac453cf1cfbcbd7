namespace Orchestrator.Tests.Workers;

/// <summary>A revision that is a handful of texts, and a list of what was read.</summary>
internal sealed class TreeOfFiles : IFileReader
{
    private readonly SortedDictionary<RepoPath, string> _files = [];

    public string Diff { get; init; } = "";

    public List<string> Reads { get; } = [];

    public IWorkspace.Revision? Revision { get; } = new("0123456789abcdef", "tree", "change");

    public string this[string path]
    {
        set => _files[RepoPath.Parse(path, null)] = value;
    }

    public ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken)
    {
        Reads.Add(path.Value);
        return ValueTask.FromResult(_files.TryGetValue(path, out var text) ? new SourceFile(path, text, "hash-of-" + path.Name, "0123456789abcdef") : null);
    }

    public ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<RepoPath>>([.. _files.Keys]);

    /// <summary>What changed together, by file.</summary>
    public Dictionary<string, string[]> History { get; } = [];

    public ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(RepoPath path, int commits, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<RepoPath>>([.. History.GetValueOrDefault(path.Value, []).Select(each => RepoPath.Parse(each, null))]);

    public ValueTask<string> DiffAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Diff);
}
