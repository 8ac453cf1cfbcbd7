using System.Collections.Concurrent;

namespace Orchestrator.Engine;

/// <summary>Tells those in this process who look at a run that it has changed. Others poll the journal; nothing depends on this but latency.</summary>
internal sealed class RunSignals(TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<RunId, TaskCompletionSource> _waiting = new();
    private readonly ConcurrentDictionary<RunId, Action> _drivers = new();

    /// <summary>Wakes whoever watches a run.</summary>
    public void Changed(RunId run)
    {
        if (!_waiting.IsEmpty && _waiting.TryRemove(run, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Wakes the driver of a run, if it is driven here, because there is mail.</summary>
    public void Mail(RunId run)
    {
        if (_drivers.TryGetValue(run, out var wake))
        {
            wake();
        }
    }

    public void Drive(RunId run, Action wake) => _drivers[run] = wake;

    public void Leave(RunId run) => _drivers.TryRemove(run, out _);

    /// <summary>The next change of a run; take it before looking at the journal, and wait for it after.</summary>
    public Task Next(RunId run) => _waiting.GetOrAdd(run, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async Task WaitAsync(Task next, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(Poll, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The run may be driven in another process; look at the journal again.
        }
    }
}
