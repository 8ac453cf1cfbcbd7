using Orchestrator.Engine;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class WakeSignalTests
{
    [Fact]
    public async Task A_clock_that_is_moved_on_while_the_timer_is_being_set_wakes_all_the_same()
    {
        var clock = new JumpingClock();
        using var wake = new WakeSignal(clock);

        await wake.WaitAsync(clock.GetUtcNow() + TimeSpan.FromMinutes(10)).AsTask().Soon();

        Assert.True(clock.HasJumped);
    }

    /// <summary>Moves on by eleven minutes just before a timer is set.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private readonly ManualTimeProvider _inner = new();

        public bool HasJumped { get; private set; }

        public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, _inner.CreateTimer(callback, state, dueTime, period));

        private sealed class Timer(JumpingClock clock, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock._inner.Advance(TimeSpan.FromMinutes(11));
                clock.HasJumped = true;
                return inner.Change(dueTime, period);
            }

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
