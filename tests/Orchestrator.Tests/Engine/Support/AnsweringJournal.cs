namespace Orchestrator.Tests.Engine;

/// <summary>A journal in whose mailbox an answer lies at the moment when the question becomes durable, as if somebody in another process were very quick.</summary>
internal sealed class AnsweringJournal(IRunJournal inner) : DelegatingJournal(inner)
{
    public bool HasAnswered { get; private set; }

    public override async ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
    {
        await base.AppendAsync(run, epoch, expectedSequence, events, cancellationToken);
        foreach (var asked in events.Select(recorded => recorded.Event).OfType<RunEvent.QuestionAsked>())
        {
            await PostAsync(run, new IRunJournal.Command.Answer(asked.Call, "yes", "somebody quick"), cancellationToken);
            HasAnswered = true;
        }
    }
}

/// <summary>Passes everything on; tests override what they are about.</summary>
internal abstract class DelegatingJournal(IRunJournal inner) : IRunJournal
{
    public virtual ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken) =>
        inner.AppendAsync(run, epoch, expectedSequence, events, cancellationToken);

    public virtual IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, CancellationToken cancellationToken) => inner.ReadAsync(run, fromSequence, cancellationToken);

    public virtual IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public virtual ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutBlobAsync(run, hash, content, cancellationToken);

    public virtual ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken) => inner.GetBlobAsync(run, hash, cancellationToken);

    public virtual ValueTask<IRunJournal.Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken) => inner.ClaimAsync(run, owner, lease, cancellationToken);

    public virtual ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken) => inner.RenewAsync(claim, lease, cancellationToken);

    public virtual ValueTask ReleaseAsync(IRunJournal.Claim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);

    public virtual ValueTask SaveSnapshotAsync(RunId run, IRunJournal.Snapshot snapshot, CancellationToken cancellationToken) => inner.SaveSnapshotAsync(run, snapshot, cancellationToken);

    public virtual ValueTask<IRunJournal.Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken) => inner.LoadSnapshotAsync(run, cancellationToken);

    public virtual ValueTask<long> PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken) => inner.PostAsync(run, command, cancellationToken);

    public virtual ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken) => inner.ReadMailboxAsync(run, afterNumber, cancellationToken);
}
