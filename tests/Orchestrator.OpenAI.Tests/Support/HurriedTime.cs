using System.Collections.Concurrent;

namespace Orchestrator.Tests;

/// <summary>A clock on which waits of up to half a minute are a hundred times as short as they were asked for, and remembered.</summary>
/// <remarks>Longer ones are limits on real work, which a slow machine must not run into.</remarks>
internal sealed class HurriedTime : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Waits.Enqueue(dueTime);
            dueTime = dueTime <= TimeSpan.FromSeconds(30) ? dueTime / 100 : dueTime;
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
