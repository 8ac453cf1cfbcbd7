using System.Threading.Tasks.Sources;

namespace Orchestrator.Engine;

/// <summary>Wakes one waiting loop, at once or at a set time. Setting it before the loop waits is not lost; setting it twice wakes once.</summary>
internal sealed class WakeSignal : IValueTaskSource, IDisposable
{
    /// <summary>A clock that was moved on while a timer was being set, as tests do, would have it wait anew for what has passed already.</summary>
    private static readonly TimeSpan ClockMoved = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private DateTimeOffset _timerAt = DateTimeOffset.MaxValue;
    private bool _isSet;
    private bool _isWaiting;

    public WakeSignal(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static signal => ((WakeSignal)signal!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Set()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet = true;
                return;
            }

            _isWaiting = false;
        }

        _core.SetResult(true);
    }

    /// <summary>Waits until it is set, or until a time. Only one loop may wait.</summary>
    public ValueTask WaitAsync(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _isWaiting = true;
        }

        SetTimer(until);
        return new ValueTask(this, _core.Version);
    }

    public void Dispose() => _timer.Dispose();

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>A timer that is due earlier than needed is left alone: waking once too often costs less than setting a timer at every step.</summary>
    private void SetTimer(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (until >= _timerAt)
            {
                return;
            }

            _timerAt = until;
        }

        DateTimeOffset now;
        TimeSpan due;
        do
        {
            now = _time.GetUtcNow();
            due = until - now;
            _timer.Change(due <= TimeSpan.Zero ? TimeSpan.Zero : due > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : due, Timeout.InfiniteTimeSpan);
        }
        while (due > TimeSpan.Zero && _time.GetUtcNow() - now >= ClockMoved);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerAt = DateTimeOffset.MaxValue;
        }

        Set();
    }
}
