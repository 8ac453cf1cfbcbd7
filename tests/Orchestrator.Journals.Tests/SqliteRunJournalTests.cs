using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Orchestrator.Testing;

namespace Orchestrator.Tests;

public sealed class SqliteRunJournalTests : IDisposable
{
    private static readonly RunId Run = new(Guid.Parse("0f0e0d0c-0b0a-4908-8706-050403020100"));

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private string File => _directory.File("runs.db");

    [Fact]
    public async Task Every_kind_of_event_survives_the_process_that_wrote_it()
    {
        var facts = EveryEvent.Samples.Where(sample => sample is not RunEvent.Claimed).ToList();
        await using (var journal = new SqliteRunJournal(File, _time))
        {
            await journal.AppendAsync(Run, 0, 0, [.. facts.Select((fact, index) => new RunEvent.Recorded(index + 1, _time.GetUtcNow(), fact))], default);
        }

        await using var reopened = new SqliteRunJournal(File, _time);
        var read = await ReadAsync(reopened);

        Assert.Equal(facts.Select(Text), read.Select(recorded => Text(recorded.Event)));

        static string Text(RunEvent recorded)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            recorded.WriteJson(buffer);
            return RunEvent.KindOf(recorded) + System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
    }

    [Fact]
    public async Task The_file_is_readable_by_this_user_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var journal = new SqliteRunJournal(File, _time);
        await CreateAsync(journal);

        Assert.All(
            Directory.GetFiles(Path.GetDirectoryName(File)!),
            file =>
            {
#pragma warning disable CA1416 // Checked above; the analyzer does not follow lambdas.
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
#pragma warning restore CA1416
            });
        Assert.True(Directory.GetFiles(Path.GetDirectoryName(File)!).Length > 1, "There is no write-ahead log beside the file.");
    }

    [Fact]
    public async Task Nothing_is_opened_before_it_is_used()
    {
        await using (new SqliteRunJournal(File, _time))
        {
            Assert.False(System.IO.File.Exists(File));
        }

        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Every_write_is_flushed_to_disk()
    {
        await using var file = new SqliteFile(File, TimeSpan.FromSeconds(1));

        var (mode, synchronous) = await file.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "SELECT (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous)";
                using var reader = command.ExecuteReader();
                reader.Read();
                return (reader.GetString(0), reader.GetInt64(1));
            },
            default);

        Assert.Equal(("wal", 2L), (mode, synchronous));
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_loses_nothing()
    {
        await using var journal = new SqliteRunJournal(new SqliteFile(File, TimeSpan.FromSeconds(1)) { ExtraPragmas = "PRAGMA max_page_count = 40;" }, _time);
        await CreateAsync(journal);
        var claim = await journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default);

        var appended = 0;
        var error = await Assert.ThrowsAsync<SqliteJournalException>(async () =>
        {
            while (true)
            {
                await journal.AppendAsync(Run, claim.Epoch, 2 + appended, [Recorded(3 + appended, new string('x', 1000))], default);
                appended++;
            }
        });
        await Assert.ThrowsAsync<SqliteJournalException>(() => journal.PutBlobAsync(Run, "ab", new byte[100_000], default).AsTask());

        Assert.True(appended > 10, $"Only {appended} appends fitted.");
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.Equal(2 + appended, (await ReadAsync(journal)).Count);

        // Once there is room again the very same journal goes on where it was.
        await using var roomier = new SqliteRunJournal(File, _time);
        await roomier.AppendAsync(Run, claim.Epoch, 2 + appended, [Recorded(3 + appended, "more")], default);
        Assert.Equal(3 + appended, (await ReadAsync(roomier)).Count);
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_on_the_disk_leaves_nothing_of_itself_behind()
    {
        await using var journal = new SqliteRunJournal(new SqliteFile(File, TimeSpan.FromSeconds(1)) { ExtraPragmas = "PRAGMA max_page_count = 40;" }, _time);
        await CreateAsync(journal);
        var claim = await journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default);

        RunEvent.Recorded[] tooMuch = [.. Enumerable.Range(0, 200).Select(index => Recorded(3 + index, new string('x', 1000)))];
        await Assert.ThrowsAsync<SqliteJournalException>(() => journal.AppendAsync(Run, claim.Epoch, 2, tooMuch, default).AsTask());

        Assert.Equal(2, (await ReadAsync(journal)).Count);
        await journal.AppendAsync(Run, claim.Epoch, 2, [Recorded(3, "small")], default);
        Assert.Equal(3, (await ReadAsync(journal)).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_as_it_is()
    {
        var content = string.Concat(Enumerable.Repeat("This is a letter to my aunt. ", 100));
        await System.IO.File.WriteAllTextAsync(File, content);
        await using var journal = new SqliteRunJournal(File, _time);

        var error = await Assert.ThrowsAsync<SqliteJournalException>(() => CreateAsync(journal));

        Assert.Contains("not an SQLite database", error.Message, StringComparison.Ordinal);
        Assert.Equal(File, error.Path);
        Assert.Equal(content, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_with_its_version()
    {
        await using (var journal = new SqliteRunJournal(File, _time))
        {
            await CreateAsync(journal);
        }

        Execute("UPDATE schema_version SET version = 9");
        await using var older = new SqliteRunJournal(File, _time);

        var error = await Assert.ThrowsAsync<SqliteJournalException>(() => ReadAsync(older));

        Assert.Contains("schema version 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_missing_is_reported()
    {
        await using var journal = new SqliteRunJournal(_directory.File("missing/runs.db"), _time);

        var error = await Assert.ThrowsAsync<SqliteJournalException>(() => CreateAsync(journal));

        Assert.Contains("cannot be created", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_a_directory_is_reported()
    {
        Directory.CreateDirectory(File);
        await using var journal = new SqliteRunJournal(File, _time);

        var error = await Assert.ThrowsAsync<SqliteJournalException>(() => CreateAsync(journal));

        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Directory.Delete(File);
        await CreateAsync(journal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_reported_and_can_be_used_again_later()
    {
        await using (var journal = new SqliteRunJournal(File, _time))
        {
            await CreateAsync(journal);
        }

        // The tests may run as root, whom permissions do not stop; this is SQLite's own way to forbid writing.
        await using var readOnly = new SqliteRunJournal(new SqliteFile(File, TimeSpan.FromSeconds(1)) { ExtraPragmas = "PRAGMA query_only = ON;" }, _time);

        var error = await Assert.ThrowsAsync<SqliteJournalException>(() => readOnly.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default).AsTask());

        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        await using var writable = new SqliteRunJournal(File, _time);
        await writable.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default);
    }

    [Fact]
    public async Task A_file_that_another_process_keeps_locked_is_reported_after_a_while()
    {
        await using var journal = new SqliteRunJournal(new SqliteFile(File, TimeSpan.FromMilliseconds(50)), _time);
        await CreateAsync(journal);
        await using var other = Open();
        await using (var transaction = other.BeginTransaction(deferred: false))
        {
            var error = await Assert.ThrowsAsync<SqliteJournalException>(() => journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default).AsTask());
            Assert.Contains("locked", error.Message, StringComparison.Ordinal);
            Assert.Single(await ReadAsync(journal));
        }

        await journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default);
    }

    [Fact]
    public async Task An_event_that_is_damaged_or_missing_is_reported_with_its_place()
    {
        await using var journal = new SqliteRunJournal(File, _time);
        await CreateAsync(journal);
        var claim = await journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default);
        await journal.AppendAsync(Run, claim.Epoch, 2, [Recorded(3, "a"), Recorded(4, "b"), Recorded(5, "c")], default);

        Execute("UPDATE events SET data = '{' WHERE sequence = 4");
        var damaged = await Assert.ThrowsAsync<JournalCorruptException>(() => ReadAsync(journal));
        Execute("DELETE FROM events WHERE sequence = 4");
        var missing = await Assert.ThrowsAsync<JournalCorruptException>(() => ReadAsync(journal));

        Assert.Contains("event 4", damaged.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Run.ToString(), damaged.Message, StringComparison.Ordinal);
        Assert.Contains("Event 4", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_journals_of_one_process_share_a_file()
    {
        await using var one = new SqliteRunJournal(File, _time);
        await using var two = new SqliteRunJournal(File, _time);
        await CreateAsync(one);

        var claim = await two.ClaimAsync(Run, "host-2", TimeSpan.FromMinutes(1), default);
        await Assert.ThrowsAsync<RunOwnedException>(() => one.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default).AsTask());
        await two.AppendAsync(Run, claim.Epoch, 2, [Recorded(3, "a")], default);

        Assert.Equal(3, (await ReadAsync(one)).Count);
    }

    [Fact]
    public async Task Several_processes_work_on_one_file_without_losing_or_doubling_anything()
    {
        await using var journal = new SqliteRunJournal(File);
        await CreateAsync(journal);

        var processes = await Task.WhenAll(StartAsync("append", 10), StartAsync("append", 10), StartAsync("mail", 15), StartAsync("mail", 15));

        Assert.All(processes, exit => Assert.Equal(0, exit));
        var events = await ReadAsync(journal);
        Assert.Equal(1 + (2 * 20), events.Count);
        Assert.Equal(20, events.Count(recorded => recorded.Event is RunEvent.Noted));
        Assert.Equal(Enumerable.Range(1, 20), events.Select(recorded => recorded.Event).OfType<RunEvent.Claimed>().Select(claim => (int)claim.Epoch));
        var mail = await journal.ReadMailboxAsync(Run, 0, default);
        Assert.Equal(Enumerable.Range(1, 30), mail.Select(item => (int)item.Number));
    }

    [Fact]
    public async Task A_process_that_dies_leaves_everything_it_had_appended()
    {
        await using var journal = new SqliteRunJournal(File);
        await CreateAsync(journal);

        Assert.NotEqual(0, await StartAsync("die", 7));

        Assert.Equal(2 + 7, (await ReadAsync(journal)).Count);
        await Assert.ThrowsAsync<RunOwnedException>(() => journal.ClaimAsync(Run, "host-1", TimeSpan.FromMinutes(1), default).AsTask());
    }

    [Fact]
    public async Task A_journal_that_is_disposed_of_says_so()
    {
        var journal = new SqliteRunJournal(File, _time);
        await CreateAsync(journal);
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(journal));
    }

    public void Dispose() => _directory.Dispose();

    private static RunEvent.Recorded Recorded(long sequence, string text) =>
        new(sequence, default, new RunEvent.Noted("test", 1, System.Text.Json.JsonSerializer.SerializeToElement(text)));

    private static async Task CreateAsync(SqliteRunJournal journal) => await journal.AppendAsync(
        Run, 0, 0, [new RunEvent.Recorded(1, default, new RunEvent.Accepted(new TaskRequest("Fix it"), new RunEvent.Accepted.Terms("bugfix", "1", new Budget())))], default);

    private static async Task<List<RunEvent.Recorded>> ReadAsync(SqliteRunJournal journal)
    {
        var events = new List<RunEvent.Recorded>();
        await foreach (var recorded in journal.ReadAsync(Run, 1, default))
        {
            events.Add(recorded);
        }

        return events;
    }

    private async Task<int> StartAsync(string verb, int times)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(SqliteRunJournalTests).Assembly.Location, verb, File, Run.ToString(), $"{times}" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return process.ExitCode;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string text)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
