using System.Diagnostics;

namespace Orchestrator.Benchmarks.Patching;

internal static class Measure
{
    /// <summary>The median time of a run once the code has been compiled for good, and the bytes one run allocates.</summary>
    public static (TimeSpan Time, long Allocated) Warm(int runs, Action action)
    {
        // What is measured is a host that lives on. The runtime compiles hot methods anew behind its back, in rounds of a tenth of a second.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.8);)
            action();
        return Median(runs, action);
    }

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
