using Microsoft.Data.Sqlite;

namespace Orchestrator;

/// <summary>The journal's file: its one connection, its schema, and what its errors mean.</summary>
/// <remarks>
/// One connection for everything, behind an asynchronous lock. SQLite has one writer at a time anyway, so nothing is lost to writers; hosts of one process never
/// wait for one another inside SQLite, where waiting means sleeping; and reads come in short pages, so that none holds the lock for long. Other processes
/// are kept apart by SQLite's own locks, for which it waits up to <paramref name="busyTimeout"/>.
/// The work is done on the thread pool: SQLite is synchronous underneath, and a caller's loop must not stand still while a disk is flushed.
/// </remarks>
internal sealed class SqliteFile(string path, TimeSpan busyTimeout) : IAsyncDisposable
{
    private const int SchemaVersion = 1;

    // Moments are ticks of UTC since year one, as DateTimeOffset counts them. Sequence, epoch and ownership of a run change only together with its row in "runs".
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS runs (
            ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL UNIQUE,
            sequence INTEGER NOT NULL,
            epoch INTEGER NOT NULL DEFAULT 0,
            owner TEXT NOT NULL DEFAULT '',
            lease_until INTEGER NOT NULL DEFAULT 0,
            goal TEXT NOT NULL,
            workflow TEXT NOT NULL,
            tenant TEXT NOT NULL,
            status TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            mail_read INTEGER NOT NULL DEFAULT 0,
            mail_posted INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS events (
            run TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (run, sequence)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS mail (
            run TEXT NOT NULL,
            number INTEGER NOT NULL,
            command TEXT NOT NULL,
            PRIMARY KEY (run, number)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS blobs (
            run TEXT NOT NULL,
            hash TEXT NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (run, hash));
        CREATE TABLE IF NOT EXISTS snapshots (
            run TEXT NOT NULL PRIMARY KEY,
            sequence INTEGER NOT NULL,
            fold_version INTEGER NOT NULL,
            content BLOB NOT NULL);
        INSERT INTO schema_version (version) SELECT 1 WHERE NOT EXISTS (SELECT * FROM schema_version);
        """;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteConnection? _connection;
    private bool _isDisposed;

    /// <summary>Runs on every connection that is opened: the tests' way to make disks small.</summary>
    internal string? ExtraPragmas { get; init; }

    /// <summary>Reads, in one consistent view.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> operation, CancellationToken cancellationToken) =>
        UseAsync(operation, isWrite: false, cancellationToken);

    /// <summary>Writes: all of it or, where the operation throws, nothing.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> operation, CancellationToken cancellationToken) =>
        UseAsync(operation, isWrite: true, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            Close();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> UseAsync<T>(Func<SqliteConnection, T> operation, bool isWrite, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(SqliteRunJournal));
            cancellationToken.ThrowIfCancellationRequested();

            // Once begun it is not cancelled: a caller that gives up must not leave half a transaction open.
            return await Task.Run(() => Use(operation, isWrite), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            // A connection that met an error may be in any state, and opening a new one costs little. One that only had to wait in vain is as it was.
            if (e.SqliteErrorCode != SQLitePCL.raw.SQLITE_BUSY)
            {
                Close();
            }

            throw Explain(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Use<T>(Func<SqliteConnection, T> operation, bool isWrite)
    {
        var connection = _connection ??= Open();

        // Not deferred, which is to say BEGIN IMMEDIATE: a write takes its lock before it reads what it depends on.
        using var transaction = connection.BeginTransaction(deferred: !isWrite);
        var result = operation(connection);
        transaction.Commit();
        return result;
    }

    private SqliteConnection Open()
    {
        CreateForThisUserOnly();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,

            // SQLite itself waits for other processes (busy_timeout); what is left to the client library beyond that is to give up.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {ExtraPragmas}");
            if (FindVersion(connection) is null)
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                connection.Execute(Schema);
                transaction.Commit();
            }

            CheckVersion(FindVersion(connection));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The schema's version, or <see langword="null"/> in a file that is new.</summary>
    private static long? FindVersion(SqliteConnection connection)
    {
        using var tables = connection.Command("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'");
        if (tables.ExecuteScalar() is not 1L)
        {
            return null;
        }

        using var version = connection.Command("SELECT max(version) FROM schema_version");
        return version.ExecuteScalar() as long?;
    }

    private void CheckVersion(long? version)
    {
        if (version != SchemaVersion)
        {
            throw new SqliteJournalException(
                path,
                $"The journal '{path}' has schema version {version}, and this version of Orchestrator.Sqlite knows {SchemaVersion}. Use the version that wrote it, or another file. Nothing was changed.");
        }
    }

    /// <summary>Journals hold source code. SQLite gives the files beside this one the same permissions.</summary>
    private void CreateForThisUserOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            // Only a new file is opened here: closing one that SQLite has open elsewhere in this process would drop SQLite's locks on it.
            if (!File.Exists(path))
            {
                using var created = new FileStream(path, options);
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteJournalException(path, $"The journal '{path}' cannot be created: {e.Message} Create its directory and let this user write there, or choose another path.", e);
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private OrchestratorException Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => Fail("is on a disk that is full. Free some space, then try again, or resume the run that was under way.", e),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            Fail($"has been locked by another process for {busyTimeout.TotalSeconds:0.#} s. See what holds it open, then try again.", e),
        SQLitePCL.raw.SQLITE_READONLY => Fail("cannot be written. Give this user the right to write the file and its directory.", e),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_AUTH => Fail("cannot be opened. Check that the path is a file that this user may read and write.", e),
        SQLitePCL.raw.SQLITE_NOTADB => Fail("is not an SQLite database. Choose another path; the file was left as it is.", e),
        SQLitePCL.raw.SQLITE_CORRUPT => new JournalCorruptException($"The journal '{path}' is damaged: {e.Message} Keep the file, and restore it from a copy or with 'sqlite3 .recover'.", e),
        SQLitePCL.raw.SQLITE_IOERR => Fail($"could not be read or written by the system: {e.Message} Check the disk, then try again, or resume the run that was under way.", e),
        SQLitePCL.raw.SQLITE_TOOBIG => Fail("was given a piece of more than a thousand million bytes. Keep payloads smaller.", e),
        _ => Fail($"failed: {e.Message}", e),
    };

    private SqliteJournalException Fail(string what, SqliteException e) =>
        new(path, $"The journal '{path}' {what} What was written before is safe, and nothing of this write was kept.", e);
}
