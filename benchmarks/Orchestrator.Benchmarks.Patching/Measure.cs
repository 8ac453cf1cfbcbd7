using System.Diagnostics;

namespace Orchestrator.Benchmarks.Patching;

internal static class Measure
{
    /// <summary>The median time of a run, and the bytes one run allocates.</summary>
    public static (TimeSpan Time, long Allocated) Median(int runs, Action action)
    {
        action();
        var times = new List<TimeSpan>(runs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start));
        }
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / runs;
        times.Sort();
        return (times[runs / 2], allocated);
    }
}
