namespace Orchestrator.Testing;

/// <summary>A clock that moves only when it is told to, with timers that fire, in order, while it moves.</summary>
/// <remarks>
/// Safe for concurrent use. Serves <c>Task.Delay</c>, <c>PeriodicTimer</c> and <c>CancellationTokenSource</c> in their forms that take a
/// <see cref="TimeProvider"/>. Timer callbacks run on the thread that calls <see cref="Advance"/>; one that is due at once runs on the thread that sets it.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private DateTimeOffset _now;
    private long _ordinal;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows at first; the first moment of 2026 if <see langword="null"/>.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many timers wait for this clock.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, firing on the way every timer that falls due, each at its own moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative; time does not run backwards.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until;
        lock (_gate)
        {
            until = _now + by;
        }

        while (TakeDue(until) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = _now < until ? until : _now;
        }
    }

    /// <summary>Waits until so many timers wait for this clock, so that a test can move it knowing that somebody is waiting.</summary>
    public Task WaitForTimersAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            var timer = _timers.Where(timer => timer.Due <= until).MinBy(timer => (timer.Due, timer.Ordinal));
            if (timer is null)
            {
                return null;
            }

            _now = _now < timer.Due ? timer.Due : _now;
            _timers.Remove(timer);
            if (timer.Period > TimeSpan.Zero)
            {
                Set(timer, timer.Due + timer.Period);
            }

            return timer;
        }
    }

    private void Set(ManualTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Ordinal = ++_ordinal;
        _timers.Add(timer);
        foreach (var waiting in _waiting.Where(waiting => waiting.Count <= _timers.Count).ToList())
        {
            _waiting.Remove(waiting);
            waiting.Reached.SetResult();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public DateTimeOffset Due { get; set; }

        public long Ordinal { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                clock._timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                clock.Set(this, clock._now + dueTime);
                if (dueTime > TimeSpan.Zero)
                {
                    return true;
                }
            }

            clock.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
