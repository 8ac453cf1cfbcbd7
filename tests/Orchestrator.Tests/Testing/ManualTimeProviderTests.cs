using Orchestrator.Testing;

namespace Orchestrator.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Time_stands_still_until_it_is_moved()
    {
        var before = _time.GetUtcNow();
        var stamp = _time.GetTimestamp();

        _time.Advance(TimeSpan.FromMilliseconds(1500));

        Assert.Equal(before + TimeSpan.FromMilliseconds(1500), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromMilliseconds(1500), _time.GetElapsedTime(stamp));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _time);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await delay;
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_moment()
    {
        var start = _time.GetUtcNow();
        var fired = new List<(string Name, double At)>();
        void Fire(object? name) => fired.Add(((string)name!, (_time.GetUtcNow() - start).TotalSeconds));
        using var late = _time.CreateTimer(Fire, "late", TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var early = _time.CreateTimer(Fire, "early", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        using var same = _time.CreateTimer(Fire, "same", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var never = _time.CreateTimer(Fire, "never", TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        never.Dispose();

        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal([("early", 1), ("same", 1), ("early", 4), ("late", 5), ("early", 7)], fired);
        Assert.Equal(start + TimeSpan.FromSeconds(8), _time.GetUtcNow());
    }

    [Fact]
    public void A_timer_that_is_set_while_another_fires_is_not_missed()
    {
        var fired = new List<double>();
        var start = _time.GetUtcNow();
        using var first = _time.CreateTimer(
            _ => _time.CreateTimer(_ => fired.Add((_time.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([3], fired);
    }

    [Fact]
    public void A_timer_due_at_once_fires_without_the_clock_moving()
    {
        var fired = 0;

        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        Assert.Equal(1, fired);
    }

    [Fact]
    public async Task Cancellation_follows_the_clock_and_can_be_put_off()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
        _time.Advance(TimeSpan.FromSeconds(4));
        source.CancelAfter(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(source.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(source.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(1000, source.Token));
    }

    [Fact]
    public async Task A_periodic_timer_ticks_with_the_clock()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);

        for (var i = 0; i < 3; i++)
        {
            var tick = timer.WaitForNextTickAsync();
            Assert.False(tick.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await tick);
        }
    }

    [Fact]
    public async Task A_test_can_wait_until_somebody_waits_for_the_clock()
    {
        var waiting = _time.WaitForTimersAsync(2);
        var one = Task.Delay(TimeSpan.FromSeconds(1), _time);
        Assert.False(waiting.IsCompleted);

        var two = Task.Run(() => Task.Delay(TimeSpan.FromSeconds(1), _time));
        await waiting;
        _time.Advance(TimeSpan.FromSeconds(1));

        await Task.WhenAll(one, two);
        Assert.True(_time.WaitForTimersAsync(0).IsCompleted);
    }

    [Fact]
    public async Task Waiting_for_somebody_can_be_given_up()
    {
        using var source = new CancellationTokenSource();
        var waiting = _time.WaitForTimersAsync(1, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Many_threads_may_set_and_fire_timers_at_once()
    {
        var fired = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (index, _) =>
        {
            var timer = _time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1 + (index % 5)), Timeout.InfiniteTimeSpan);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
            GC.KeepAlive(timer);
        });
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(200, fired);
    }
}
