namespace Orchestrator.Benchmarks;

/// <summary>How long a command took, in milliseconds, and what it did.</summary>
internal sealed record Times(double FirstEvent, double Whole, int TestRuns, int ModelRequests)
{
    /// <summary>The medians of several rounds, after one that is not counted.</summary>
    public static async Task<Times> OfAsync(int rounds, Func<Task<Times>> work)
    {
        await work();
        var all = new List<Times>();
        for (var round = 0; round < rounds; round++)
        {
            all.Add(await work());
        }

        return all[0] with { FirstEvent = Median(all.Select(times => times.FirstEvent)), Whole = Median(all.Select(times => times.Whole)) };
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
