using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Orchestrator;

/// <summary>A journal in the memory of this process: for tests, for hosts whose runs may die with them, and as the yardstick for the others.</summary>
/// <remarks>
/// Safe for concurrent use. Events are kept as the objects they are. Every method completes before it returns, so an append costs no more than a lock and a copy
/// of the batch. "Durable" here means as long as this object lives.
/// </remarks>
public sealed class InMemoryRunJournal : IRunJournal
{
    private readonly ConcurrentDictionary<RunId, InMemoryRun> _runs = new();
    private readonly TimeProvider _time;
    private readonly Func<EventLog> _newLog;
    private long _lastOrdinal;

    /// <summary>Makes an empty journal.</summary>
    /// <param name="time">Measures leases and stamps claims; the system's clock if <see langword="null"/>.</param>
    public InMemoryRunJournal(TimeProvider? time = null)
        : this(time, static () => new ObjectEventLog())
    {
    }

    internal InMemoryRunJournal(TimeProvider? time, Func<EventLog> newLog)
    {
        _time = time ?? TimeProvider.System;
        _newLog = newLog;
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
    {
        RunEvent.Recorded.CheckBatch(expectedSequence, events);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var found = expectedSequence == 0 ? GetOrAdd(run) : Find(run);
        if (found is null)
        {
            return ValueTask.FromException(new JournalConflictException(run, expectedSequence, 0));
        }

        lock (found.Gate)
        {
            // Epoch zero only creates: after that, whoever appends must have claimed the run.
            if (found.Log.Count != expectedSequence || found.Epoch != epoch || (epoch == 0) != (expectedSequence == 0))
            {
                return ValueTask.FromException(new JournalConflictException(run, expectedSequence, found.Log.Count));
            }

            found.Log.Append(events);
            if (expectedSequence == 0)
            {
                found.Ordinal = Interlocked.Increment(ref _lastOrdinal);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(run) is not { } found)
        {
            yield break;
        }

        var next = Math.Max(fromSequence, 1) - 1;
        while (true)
        {
            ReadOnlyMemory<RunEvent.Recorded> events;
            lock (found.Gate)
            {
                events = found.Log.Read(next);
            }

            if (events.IsEmpty)
            {
                yield break;
            }

            for (var i = 0; i < events.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return events.Span[i];
            }

            next += events.Length;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        var left = query.Limit;
        foreach (var run in _runs.Values.Where(run => run.Ordinal > 0).OrderByDescending(run => run.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (left <= 0)
            {
                yield break;
            }

            RunSummary summary;
            lock (run.Gate)
            {
                summary = run.Summarise(_time.GetUtcNow());
            }

            if ((query.Statuses.Count == 0 || query.Statuses.Contains(summary.Status)) && (query.Tenant is null || query.Tenant == summary.Tenant))
            {
                left--;
                yield return summary;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(hash);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var found = GetOrAdd(run);
        lock (found.Gate)
        {
            found.Blobs ??= [];
            if (!found.Blobs.ContainsKey(hash))
            {
                found.Blobs.Add(hash, content.ToArray());
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadOnlyMemory<byte>?>(cancellationToken);
        }

        if (Find(run) is not { } found)
        {
            return default;
        }

        lock (found.Gate)
        {
            return found.Blobs is { } blobs && blobs.TryGetValue(hash, out var content) ? new(content) : default;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IRunJournal.Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IRunJournal.Claim>(cancellationToken);
        }

        if (FindStarted(run) is not { } found)
        {
            return ValueTask.FromException<IRunJournal.Claim>(new RunNotFoundException(run));
        }

        lock (found.Gate)
        {
            var now = _time.GetUtcNow();
            if (found.LeaseUntil > now)
            {
                return ValueTask.FromException<IRunJournal.Claim>(new RunOwnedException(run, found.Owner));
            }

            var claim = new IRunJournal.Claim(run, owner, found.Epoch + 1, found.Log.Count + 1);
            found.Log.Append([new RunEvent.Recorded(claim.Sequence, now, new RunEvent.Claimed(owner, claim.Epoch))]);
            found.Epoch = claim.Epoch;
            found.Owner = owner;
            found.LeaseUntil = now + lease;
            return new(claim);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (Find(claim.Run) is not { } found)
        {
            return new(false);
        }

        lock (found.Gate)
        {
            if (found.Epoch != claim.Epoch || found.Owner.Length == 0)
            {
                return new(false);
            }

            found.LeaseUntil = _time.GetUtcNow() + lease;
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(IRunJournal.Claim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (Find(claim.Run) is { } found)
        {
            lock (found.Gate)
            {
                if (found.Epoch == claim.Epoch)
                {
                    found.Owner = "";
                    found.LeaseUntil = default;
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SaveSnapshotAsync(RunId run, IRunJournal.Snapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var found = GetOrAdd(run);
        lock (found.Gate)
        {
            found.Snapshot = snapshot with { Content = snapshot.Content.ToArray() };
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IRunJournal.Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IRunJournal.Snapshot?>(cancellationToken);
        }

        if (Find(run) is not { } found)
        {
            return default;
        }

        lock (found.Gate)
        {
            return new(found.Snapshot);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<long>(cancellationToken);
        }

        if (FindStarted(run) is not { } found)
        {
            return ValueTask.FromException<long>(new RunNotFoundException(run));
        }

        lock (found.Gate)
        {
            found.Mail ??= [];
            found.Mail.Add(new IRunJournal.Posted(found.Mail.Count + 1, command));
            return new(found.Mail.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<IRunJournal.Posted>>(cancellationToken);
        }

        if (Find(run) is not { } found)
        {
            return new([]);
        }

        lock (found.Gate)
        {
            var skip = (int)Math.Clamp(afterNumber, 0, int.MaxValue);
            return new(found.Mail is { } mail && mail.Count > skip ? mail.GetRange(skip, mail.Count - skip) : []);
        }
    }

    private InMemoryRun GetOrAdd(RunId run) => _runs.GetOrAdd(run, static (id, newLog) => new InMemoryRun(id, newLog()), _newLog);

    private InMemoryRun? Find(RunId run) => _runs.GetValueOrDefault(run);

    /// <summary>The run, if it has an event: one that only has blobs does not exist yet.</summary>
    private InMemoryRun? FindStarted(RunId run) => Find(run) is { Ordinal: > 0 } found ? found : null;
}
