using Microsoft.Data.Sqlite;

namespace Orchestrator.Benchmarks;

/// <summary>The least that an SQLite file costs: as many durable transactions per step as the engine makes, each inserting one small row and doing nothing else.</summary>
internal static class RawSqlite
{
    private const int TransactionsPerStep = 2;

    public static async Task<object> RunAsync(int steps)
    {
        var path = Path.Combine(Path.GetTempPath(), $"orchestrator-bench-{Guid.NewGuid():n}.db");
        try
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            await connection.OpenAsync();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE events(run TEXT, sequence INTEGER, at INTEGER, kind TEXT, data BLOB, PRIMARY KEY(run, sequence)) WITHOUT ROWID");
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO events VALUES('run', $sequence, 0, 'call.ended/1', $data)";
            var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
            insert.Parameters.AddWithValue("$data", new byte[200]);
            for (var i = 0; i < steps * TransactionsPerStep; i++)
            {
                sequence.Value = i;
                insert.ExecuteNonQuery();
            }

            return path;
        }
        finally
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                File.Delete(path + suffix);
            }
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
