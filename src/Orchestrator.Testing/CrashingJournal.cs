using System.Runtime.CompilerServices;

namespace Orchestrator.Testing;

/// <summary>A journal whose process dies at a chosen append. To go on, open another host on the inner journal, as a restarted process would.</summary>
/// <remarks>
/// Safe for concurrent use. At the crash the append throws, and so does everything that is asked of this journal or still under way: a dead process learns
/// nothing more. Appends are counted in the order they are asked for.
/// </remarks>
public sealed class CrashingJournal : IRunJournal
{
    private readonly IRunJournal _inner;
    private readonly int _crashAt;
    private readonly bool _isAfter;
    private readonly bool _countsClaims;
    private int _appends;
    private volatile bool _isDead;

    private CrashingJournal(IRunJournal inner, int crashAt, bool isAfter, bool countsClaims = false)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _countsClaims = countsClaims;
        _inner = inner;
        _crashAt = crashAt;
        _isAfter = isAfter;
    }

    /// <summary>How many appends were asked for so far, the one that crashed included.</summary>
    public int Appends => Volatile.Read(ref _appends);

    /// <summary>Whether the process is dead.</summary>
    public bool HasCrashed => _isDead;

    /// <summary>A journal that only counts.</summary>
    public static CrashingJournal Counting(IRunJournal inner) => new(inner, 0, isAfter: false);

    /// <summary>A journal that dies before its n-th append has any effect.</summary>
    /// <param name="inner">Where everything goes.</param>
    /// <param name="append">One for the first.</param>
    public static CrashingJournal BeforeAppend(IRunJournal inner, int append)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(append, 1);
        return new(inner, append, isAfter: false);
    }

    /// <summary>A journal that dies when its n-th append is durable and before anybody learns of it.</summary>
    /// <inheritdoc cref="BeforeAppend"/>
    public static CrashingJournal AfterAppend(IRunJournal inner, int append)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(append, 1);
        return new(inner, append, isAfter: true);
    }

    /// <summary>The same, from the start, with every claim counted as an append too; it is one event on disk.</summary>
    public CrashingJournal CountingClaims() => new(_inner, _crashAt, _isAfter, countsClaims: true);

    /// <summary>Lets the process die now.</summary>
    public void Crash() => _isDead = true;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
    {
        var isLast = CountAppend();
        await _inner.AppendAsync(run, epoch, expectedSequence, events, cancellationToken).ConfigureAwait(false);
        EndAppend(isLast);
    }

    /// <inheritdoc/>
    public async ValueTask<IRunJournal.Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        var isLast = _countsClaims && CountAppend();
        var claim = await _inner.ClaimAsync(run, owner, lease, cancellationToken).ConfigureAwait(false);
        EndAppend(isLast);
        return claim;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await foreach (var recorded in _inner.ReadAsync(run, fromSequence, cancellationToken).ConfigureAwait(false))
        {
            ThrowIfDead();
            yield return recorded;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await foreach (var summary in _inner.ListAsync(query, cancellationToken).ConfigureAwait(false))
        {
            ThrowIfDead();
            yield return summary;
        }
    }

    /// <inheritdoc/>
    public async ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await _inner.PutBlobAsync(run, hash, content, cancellationToken).ConfigureAwait(false);
        ThrowIfDead();
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken) =>
        AliveAsync(token => _inner.GetBlobAsync(run, hash, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken) =>
        AliveAsync(token => _inner.RenewAsync(claim, lease, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IRunJournal.Claim claim, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await _inner.ReleaseAsync(claim, cancellationToken).ConfigureAwait(false);
        ThrowIfDead();
    }

    /// <inheritdoc/>
    public async ValueTask SaveSnapshotAsync(RunId run, IRunJournal.Snapshot snapshot, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await _inner.SaveSnapshotAsync(run, snapshot, cancellationToken).ConfigureAwait(false);
        ThrowIfDead();
    }

    /// <inheritdoc/>
    public ValueTask<IRunJournal.Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken) =>
        AliveAsync(token => _inner.LoadSnapshotAsync(run, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken) =>
        AliveAsync(token => _inner.PostAsync(run, command, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken) =>
        AliveAsync(token => _inner.ReadMailboxAsync(run, afterNumber, token), cancellationToken);

    private async ValueTask<T> AliveAsync<T>(Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        var result = await operation(cancellationToken).ConfigureAwait(false);
        ThrowIfDead();
        return result;
    }

    /// <summary>Counts one append and says whether the process dies after it.</summary>
    private bool CountAppend()
    {
        ThrowIfDead();
        if (Interlocked.Increment(ref _appends) != _crashAt)
        {
            return false;
        }

        if (!_isAfter)
        {
            _isDead = true;
            ThrowIfDead();
        }

        return true;
    }

    private void EndAppend(bool isLast)
    {
        _isDead |= isLast;
        ThrowIfDead();
    }

    private void ThrowIfDead()
    {
        if (_isDead)
        {
            throw new SimulatedCrashException(_crashAt == 0
                ? "The process is dead; this is a test."
                : $"The process died {(_isAfter ? "after" : "before")} append {_crashAt}; this is a test.");
        }
    }
}
