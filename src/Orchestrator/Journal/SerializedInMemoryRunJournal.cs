namespace Orchestrator;

/// <summary>An in-memory journal that keeps events as bytes and reads them back from those, so that tests and benchmarks see what encoding loses and costs.</summary>
internal sealed class SerializedInMemoryRunJournal(TimeProvider? time = null) : IRunJournal
{
    private readonly InMemoryRunJournal _inner = new(time, static () => new EncodedEventLog());

    public ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken) =>
        _inner.AppendAsync(run, epoch, expectedSequence, events, cancellationToken);

    public IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, CancellationToken cancellationToken) =>
        _inner.ReadAsync(run, fromSequence, cancellationToken);

    public IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, CancellationToken cancellationToken) => _inner.ListAsync(query, cancellationToken);

    public ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _inner.PutBlobAsync(run, hash, content, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken) =>
        _inner.GetBlobAsync(run, hash, cancellationToken);

    public ValueTask<IRunJournal.Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken) =>
        _inner.ClaimAsync(run, owner, lease, cancellationToken);

    public ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken) => _inner.RenewAsync(claim, lease, cancellationToken);

    public ValueTask ReleaseAsync(IRunJournal.Claim claim, CancellationToken cancellationToken) => _inner.ReleaseAsync(claim, cancellationToken);

    public ValueTask SaveSnapshotAsync(RunId run, IRunJournal.Snapshot snapshot, CancellationToken cancellationToken) =>
        _inner.SaveSnapshotAsync(run, snapshot, cancellationToken);

    public ValueTask<IRunJournal.Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken) => _inner.LoadSnapshotAsync(run, cancellationToken);

    public ValueTask<long> PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken) => _inner.PostAsync(run, command, cancellationToken);

    public ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken) =>
        _inner.ReadMailboxAsync(run, afterNumber, cancellationToken);
}
