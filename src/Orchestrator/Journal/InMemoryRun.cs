namespace Orchestrator;

/// <summary>One run of an <see cref="InMemoryRunJournal"/>. Everything in it is guarded by <see cref="Gate"/>.</summary>
internal sealed class InMemoryRun(RunId id, EventLog log)
{
    private RunSummary _summary = RunSummary.Empty(id);

    public Lock Gate { get; } = new();

    public RunId Id { get; } = id;

    public EventLog Log { get; } = log;

    /// <summary>The place in the order of creation; zero before the first event.</summary>
    public long Ordinal { get; set; }

    public long Epoch { get; set; }

    public string Owner { get; set; } = "";

    public DateTimeOffset LeaseUntil { get; set; }

    public List<IRunJournal.Posted>? Mail { get; set; }

    public Dictionary<string, byte[]>? Blobs { get; set; }

    public IRunJournal.Snapshot? Snapshot { get; set; }

    /// <summary>The summary. Events are folded into it when somebody asks, and each only once, so that appending stays cheap.</summary>
    public RunSummary Summarise(DateTimeOffset now)
    {
        while (Log.Read(_summary.Sequence) is { IsEmpty: false } events)
        {
            foreach (var recorded in events.Span)
            {
                _summary = _summary.Apply(recorded);
            }
        }

        return _summary with { Owner = LeaseUntil > now ? Owner : "", HasMail = (Mail?.Count ?? 0) > _summary.LastMail };
    }
}
