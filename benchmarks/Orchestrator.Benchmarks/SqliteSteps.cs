namespace Orchestrator.Benchmarks;

/// <summary>The engine's steps over a journal on disk, each append flushed.</summary>
internal static class SqliteSteps
{
    public static async Task<object> RunAsync(int steps)
    {
        var path = Path.Combine(Path.GetTempPath(), $"orchestrator-bench-{Guid.NewGuid():n}.db");
        try
        {
            await using var journal = new SqliteRunJournal(path);
            return await EngineSteps.RunAsync(steps, _ => journal);
        }
        finally
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                File.Delete(path + suffix);
            }
        }
    }
}
