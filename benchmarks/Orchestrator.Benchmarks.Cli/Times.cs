namespace Orchestrator.Benchmarks;

/// <summary>How long a command took, in milliseconds, and what it did.</summary>
internal sealed record Times(double FirstEvent, double Whole, int TestRuns, int ModelRequests)
{
    /// <summary>The quickest of several rounds, after one that is not counted: whatever disturbs a process only adds to it.</summary>
    public static async Task<Times> OfAsync(int rounds, Func<Task<Times>> work)
    {
        await work();
        var best = await work();
        for (var round = 1; round < rounds; round++)
        {
            var times = await work();
            best = best with { FirstEvent = Math.Min(best.FirstEvent, times.FirstEvent), Whole = Math.Min(best.Whole, times.Whole) };
        }

        return best;
    }
}
