using Microsoft.Data.Sqlite;

namespace Orchestrator;

/// <summary>A run's row, and how it is read and written.</summary>
internal sealed record SqliteRow(RunSummary Summary, long Epoch, string Owner, long LeaseUntil, long MailPosted)
{
    public const string Columns = "run, sequence, epoch, owner, lease_until, goal, workflow, tenant, status, accepted_at, changed_at, mail_read, mail_posted";

    public static SqliteRow Read(SqliteDataReader reader) => new(
        new RunSummary(new RunId(Guid.ParseExact(reader.GetString(0), "n")), reader.GetString(5), reader.GetString(6), StatusOf(reader.GetString(8)))
        {
            Sequence = reader.GetInt64(1),
            Tenant = reader.GetString(7),
            AcceptedAt = new DateTimeOffset(reader.GetInt64(9), TimeSpan.Zero),
            ChangedAt = new DateTimeOffset(reader.GetInt64(10), TimeSpan.Zero),
            LastMail = reader.GetInt64(11),
        },
        reader.GetInt64(2),
        reader.GetString(3),
        reader.GetInt64(4),
        reader.GetInt64(12));

    public static SqliteRow? Find(SqliteConnection connection, RunId run)
    {
        using var command = connection.Command($"SELECT {Columns} FROM runs WHERE run = $run", ("$run", run.ToString()));
        using var reader = command.ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    /// <summary>The run as a list shows it at a moment.</summary>
    public RunSummary At(long now) => Summary with { Owner = LeaseUntil > now ? Owner : "", HasMail = MailPosted > Summary.LastMail };

    // Names of their own, because what is on disk must not change with a name in the code.
    public static string NameOf(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Paused => "paused",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Partial => "partial",
        RunStatus.Failed => "failed",
        RunStatus.Cancelled => "cancelled",
        _ => throw new System.Diagnostics.UnreachableException(status.ToString()),
    };

    private static RunStatus StatusOf(string name) =>
        Enum.GetValues<RunStatus>().Cast<RunStatus?>().FirstOrDefault(status => NameOf(status!.Value) == name)
        ?? throw new JournalCorruptException($"A run has the status '{name}', which no version writes. Restore the journal from a copy.");
}
