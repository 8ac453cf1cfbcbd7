using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Orchestrator;

/// <summary>A journal in one SQLite file: for one machine, any number of hosts and processes on it.</summary>
/// <remarks>
/// Safe for concurrent use, and by several processes on the same file as long as it lies on a local disk. Every write is flushed before its method returns.
/// The file is created on first use, readable by this user only. Dispose of the journal when the host stops; a process that dies without doing so loses nothing.
/// </remarks>
public sealed class SqliteRunJournal : IRunJournal, IAsyncDisposable
{
    private const int EventsPerPage = 256;
    private const int RunsPerPage = 64;

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    /// <summary>Makes a journal. Nothing is opened before it is used.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="time">Measures leases and stamps claims; the system's clock if <see langword="null"/>.</param>
    public SqliteRunJournal(string path, TimeProvider? time = null)
        : this(new SqliteFile(FullPath(path), TimeSpan.FromSeconds(30)), time)
    {
    }

    internal SqliteRunJournal(SqliteFile file, TimeProvider? time)
    {
        _file = file;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken)
    {
        RunEvent.Recorded.CheckBatch(expectedSequence, events);
        cancellationToken.ThrowIfCancellationRequested();
        var encoded = Encode(events);
        await _file.WriteAsync(
            connection =>
            {
                var row = SqliteRow.Find(connection, run);

                // Epoch zero only creates: after that, whoever appends must have claimed the run.
                if ((row?.Summary.Sequence ?? 0) != expectedSequence || (row?.Epoch ?? 0) != epoch || (epoch == 0) != (row is null))
                {
                    throw new JournalConflictException(run, expectedSequence, row?.Summary.Sequence ?? 0);
                }

                var summary = events.Aggregate(row?.Summary ?? RunSummary.Empty(run), (before, recorded) => before.Apply(recorded));
                WriteEvents(connection, run, encoded);
                if (WriteSummary(connection, summary, epoch, expectedSequence) != 1)
                {
                    throw new JournalConflictException(run, expectedSequence, -1);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Math.Max(fromSequence, 1);
        List<RunEvent.Recorded> page;
        do
        {
            page = await _file.ReadAsync(connection => ReadEvents(connection, run, next), cancellationToken).ConfigureAwait(false);
            foreach (var recorded in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return recorded;
            }

            next += page.Count;
        }
        while (page.Count > 0);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var left = query.Limit;
        var before = long.MaxValue;
        while (left > 0)
        {
            var (below, count) = (before, Math.Min(left, RunsPerPage));
            var (page, last) = await _file.ReadAsync(connection => ReadRuns(connection, query, below, count), cancellationToken).ConfigureAwait(false);
            foreach (var summary in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return summary;
            }

            left = page.Count < count ? 0 : left - page.Count;
            before = last;
        }
    }

    /// <inheritdoc/>
    public async ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(hash);
        await _file.WriteAsync(
            connection => connection.Execute(
                "INSERT INTO blobs (run, hash, content) VALUES ($run, $hash, $content) ON CONFLICT DO NOTHING",
                ("$run", run.ToString()), ("$hash", hash), ("$content", content.ToArray())),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken)
    {
        var content = await _file.ReadAsync(
            connection =>
            {
                using var command = connection.Command("SELECT content FROM blobs WHERE run = $run AND hash = $hash", ("$run", run.ToString()), ("$hash", hash));
                return (byte[]?)command.ExecuteScalar();
            },
            cancellationToken).ConfigureAwait(false);
        return content is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(content);
    }

    /// <inheritdoc/>
    public async ValueTask<IRunJournal.Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return await _file.WriteAsync(
            connection =>
            {
                var now = _time.GetUtcNow();
                var row = SqliteRow.Find(connection, run) ?? throw new RunNotFoundException(run);
                if (row.LeaseUntil > now.UtcTicks)
                {
                    throw new RunOwnedException(run, row.Owner);
                }

                var claim = new IRunJournal.Claim(run, owner, row.Epoch + 1, row.Summary.Sequence + 1);
                var claimed = new RunEvent.Recorded(claim.Sequence, now, new RunEvent.Claimed(owner, claim.Epoch));
                WriteEvents(connection, run, Encode([claimed]));
                if (WriteSummary(connection, row.Summary.Apply(claimed), row.Epoch, row.Summary.Sequence) != 1)
                {
                    throw new JournalConflictException(run, row.Summary.Sequence, -1);
                }

                connection.Execute(
                    "UPDATE runs SET epoch = $epoch, owner = $owner, lease_until = $until WHERE run = $run",
                    ("$run", run.ToString()), ("$epoch", claim.Epoch), ("$owner", owner), ("$until", (now + lease).UtcTicks));
                return claim;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(IRunJournal.Claim claim, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return await _file.WriteAsync(
            connection => connection.Execute(
                "UPDATE runs SET lease_until = $until WHERE run = $run AND epoch = $epoch AND owner <> ''",
                ("$run", claim.Run.ToString()), ("$epoch", claim.Epoch), ("$until", (_time.GetUtcNow() + lease).UtcTicks)) == 1,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(IRunJournal.Claim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        await _file.WriteAsync(
            connection => connection.Execute(
                "UPDATE runs SET owner = '', lease_until = 0 WHERE run = $run AND epoch = $epoch", ("$run", claim.Run.ToString()), ("$epoch", claim.Epoch)),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask SaveSnapshotAsync(RunId run, IRunJournal.Snapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        await _file.WriteAsync(
            connection => connection.Execute(
                "INSERT OR REPLACE INTO snapshots (run, sequence, fold_version, content) VALUES ($run, $sequence, $version, $content)",
                ("$run", run.ToString()), ("$sequence", snapshot.Sequence), ("$version", snapshot.FoldVersion), ("$content", snapshot.Content.ToArray())),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IRunJournal.Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken) => await _file.ReadAsync(
        connection =>
        {
            using var command = connection.Command("SELECT sequence, fold_version, content FROM snapshots WHERE run = $run", ("$run", run.ToString()));
            using var reader = command.ExecuteReader();
            return reader.Read() ? new IRunJournal.Snapshot(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2)) : null;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long> PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var buffer = new ArrayBufferWriter<byte>();
        command.WriteJson(buffer);
        return await _file.WriteAsync(
            connection =>
            {
                using var next = connection.Command("UPDATE runs SET mail_posted = mail_posted + 1 WHERE run = $run RETURNING mail_posted", ("$run", run.ToString()));
                var number = next.ExecuteScalar() as long? ?? throw new RunNotFoundException(run);
                connection.Execute(
                    "INSERT INTO mail (run, number, command) VALUES ($run, $number, CAST($command AS TEXT))",
                    ("$run", run.ToString()), ("$number", number), ("$command", buffer.WrittenSpan.ToArray()));
                return number;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IRunJournal.Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken) => await _file.ReadAsync(
        connection =>
        {
            using var command = connection.Command(
                "SELECT number, CAST(command AS BLOB) FROM mail WHERE run = $run AND number > $after ORDER BY number", ("$run", run.ToString()), ("$after", afterNumber));
            using var reader = command.ExecuteReader();
            var mail = new List<IRunJournal.Posted>();
            while (reader.Read())
            {
                mail.Add(new IRunJournal.Posted(reader.GetInt64(0), IRunJournal.Command.ReadJson(reader.GetFieldValue<byte[]>(1))));
            }

            return mail;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static string FullPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetFullPath(path);
    }

    private static List<EncodedEvent> Encode(IReadOnlyList<RunEvent.Recorded> events)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var encoded = new List<EncodedEvent>(events.Count);
        foreach (var recorded in events)
        {
            buffer.ResetWrittenCount();
            recorded.Event.WriteJson(buffer);
            encoded.Add(new EncodedEvent(recorded.Sequence, recorded.At.UtcTicks, RunEvent.KindOf(recorded.Event), buffer.WrittenSpan.ToArray()));
        }

        return encoded;
    }

    private static void WriteEvents(SqliteConnection connection, RunId run, List<EncodedEvent> events)
    {
        // The cast keeps the JSON readable in the file without turning it into a string on the way.
        using var insert = connection.Command(
            "INSERT INTO events (run, sequence, at, kind, data) VALUES ($run, $sequence, $at, $kind, CAST($data AS TEXT))", ("$run", run.ToString()));
        var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
        var at = insert.Parameters.Add("$at", SqliteType.Integer);
        var kind = insert.Parameters.Add("$kind", SqliteType.Text);
        var data = insert.Parameters.Add("$data", SqliteType.Blob);
        foreach (var each in events)
        {
            (sequence.Value, at.Value, kind.Value, data.Value) = (each.Sequence, each.At, each.Kind, each.Json);
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>Creates or updates the run's row, where it is as expected. The number of rows changed says whether it was.</summary>
    private static int WriteSummary(SqliteConnection connection, RunSummary summary, long epoch, long expectedSequence) => connection.Execute(
        expectedSequence == 0
            ? """
              INSERT INTO runs (run, sequence, goal, workflow, tenant, status, accepted_at, changed_at, mail_read)
              VALUES ($run, $sequence, $goal, $workflow, $tenant, $status, $accepted, $changed, $mail) ON CONFLICT DO NOTHING
              """
            : """
              UPDATE runs SET sequence = $sequence, goal = $goal, workflow = $workflow, tenant = $tenant, status = $status, accepted_at = $accepted, changed_at = $changed, mail_read = $mail
              WHERE run = $run AND sequence = $expected AND epoch = $epoch
              """,
        ("$run", summary.Run.ToString()), ("$sequence", summary.Sequence), ("$goal", summary.Goal), ("$workflow", summary.Workflow), ("$tenant", summary.Tenant),
        ("$status", SqliteRow.NameOf(summary.Status)), ("$accepted", summary.AcceptedAt.UtcTicks), ("$changed", summary.ChangedAt.UtcTicks),
        ("$mail", summary.LastMail), ("$expected", expectedSequence), ("$epoch", epoch));

    private static List<RunEvent.Recorded> ReadEvents(SqliteConnection connection, RunId run, long from)
    {
        using var command = connection.Command(
            "SELECT sequence, at, kind, CAST(data AS BLOB) FROM events WHERE run = $run AND sequence >= $from ORDER BY sequence LIMIT $limit",
            ("$run", run.ToString()), ("$from", from), ("$limit", EventsPerPage));
        using var reader = command.ExecuteReader();
        var events = new List<RunEvent.Recorded>();
        while (reader.Read())
        {
            var sequence = reader.GetInt64(0);
            if (sequence != from + events.Count)
            {
                throw new JournalCorruptException($"Event {from + events.Count} of run {run} is missing. Restore the journal from a copy.");
            }

            try
            {
                var recorded = RunEvent.ReadJson(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
                events.Add(new RunEvent.Recorded(sequence, new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero), recorded));
            }
            catch (JournalCorruptException e)
            {
                throw new JournalCorruptException($"Event {sequence} of run {run}: {e.Message}", e);
            }
        }

        return events;
    }

    private (List<RunSummary> Page, long Last) ReadRuns(SqliteConnection connection, RunSummary.Query query, long before, int count)
    {
        var statuses = string.Join(", ", query.Statuses.Select(status => $"'{SqliteRow.NameOf(status)}'"));
        using var command = connection.Command(
            $"""
            SELECT {SqliteRow.Columns}, ordinal FROM runs
            WHERE ordinal < $before{(statuses.Length > 0 ? $" AND status IN ({statuses})" : "")}{(query.Tenant is null ? "" : " AND tenant = $tenant")}
            ORDER BY ordinal DESC LIMIT $count
            """,
            ("$before", before), ("$tenant", query.Tenant ?? ""), ("$count", count));
        using var reader = command.ExecuteReader();
        var page = new List<RunSummary>();
        var now = _time.GetUtcNow().UtcTicks;
        var last = before;
        while (reader.Read())
        {
            page.Add(SqliteRow.Read(reader).At(now));
            last = reader.GetInt64(13);
        }

        return (page, last);
    }

    private readonly record struct EncodedEvent(long Sequence, long At, string Kind, byte[] Json);
}
