using System.Collections.Concurrent;

namespace Orchestrator.Tests;

/// <summary>A clock on which waits are a hundred times as short as they were asked for, and remembered.</summary>
internal sealed class HurriedTime : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Waits.Enqueue(dueTime);
            dueTime /= 100;
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
