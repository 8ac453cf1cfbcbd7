namespace Orchestrator;

/// <summary>Keeps the summaries of the trees that runs have lately worked on.</summary>
/// <remarks>Safe for concurrent use. Two runs that ask for the same one at the same moment may both make it; they make the same.</remarks>
internal sealed class RepoSummaryCache
{
    private const int Most = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RepoSummary> _kept = new(StringComparer.Ordinal);
    private readonly Queue<string> _age = [];

    /// <summary>How many summaries had to be made.</summary>
    public int Made { get; private set; }

    /// <param name="key">What tells the tree from all others.</param>
    /// <param name="files">Reads it, where no summary is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RepoSummary> GetAsync(string key, IFileReader files, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var summary = await RepoSummary.OfAsync(files, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            Made++;
            if (_kept.TryAdd(key, summary))
            {
                _age.Enqueue(key);
                if (_age.Count > Most)
                {
                    _kept.Remove(_age.Dequeue());
                }
            }
        }

        return summary;
    }
}
