using System.Diagnostics;

namespace Orchestrator.Benchmarks;

/// <summary>What one measured piece of work cost, per step. CPU is that of the whole process, so work moved to another thread is not hidden.</summary>
internal sealed record Measurement(string Name, int Steps, double CpuMicroseconds, double WallMicroseconds, double BytesAllocated, double BytesRetained)
{
    public double StepsPerSecond => 1_000_000 / WallMicroseconds;

    /// <summary>
    /// Runs the work to warm up and then several times; the run with the least CPU counts, because everything that disturbs only adds. What stays in memory is
    /// measured in a run of its own, from a clean start.
    /// </summary>
    public static async Task<Measurement> OfAsync(string name, int steps, Func<int, Task<object>> work, int rounds = 20)
    {
        await RunAndForgetAsync(work, Math.Min(steps, 2_000));
        Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var retained = await RetainedAsync(work, steps, before);
        Measurement? best = null;
        for (var round = 0; round < rounds; round++)
        {
            Collect();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var cpu = Environment.CpuUsage.TotalTime;
            var wall = Stopwatch.GetTimestamp();
            await RunAndForgetAsync(work, steps);
            var wallSpent = Stopwatch.GetElapsedTime(wall);
            var cpuSpent = Environment.CpuUsage.TotalTime - cpu;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            var measured = new Measurement(
                name,
                steps,
                cpuSpent.TotalMicroseconds / steps,
                wallSpent.TotalMicroseconds / steps,
                (double)allocated / steps,
                retained);
            best = best is null || measured.CpuMicroseconds < best.CpuMicroseconds ? measured : best;
        }

        return best!;
    }

    private static async Task RunAndForgetAsync(Func<int, Task<object>> work, int steps) => await work(steps);

    private static async Task<double> RetainedAsync(Func<int, Task<object>> work, int steps, long before)
    {
        var kept = await work(steps);
        Collect();
        var retained = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(kept);
        return Math.Max(0, (double)retained / steps);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
