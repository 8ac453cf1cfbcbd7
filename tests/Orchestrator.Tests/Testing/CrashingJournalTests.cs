using Orchestrator.Testing;

namespace Orchestrator.Tests;

public sealed class CrashingJournalTests
{
    private static readonly RunId Run = new(Guid.Parse("00000000-0000-4000-8000-000000000001"));

    private readonly InMemoryRunJournal _inner = new(new ManualTimeProvider());

    [Fact]
    public async Task A_crash_before_an_append_leaves_nothing_of_it()
    {
        var journal = CrashingJournal.BeforeAppend(_inner, 2);

        await Assert.ThrowsAsync<SimulatedCrashException>(() => WorkAsync(journal));

        Assert.True(journal.HasCrashed);
        Assert.Equal(2, journal.Appends);
        Assert.Equal(2, await CountAsync(_inner));
    }

    [Fact]
    public async Task A_crash_after_an_append_leaves_it_durable_and_unknown()
    {
        var journal = CrashingJournal.AfterAppend(_inner, 2);

        await Assert.ThrowsAsync<SimulatedCrashException>(() => WorkAsync(journal));

        Assert.Equal(3, await CountAsync(_inner));
    }

    [Fact]
    public async Task A_claim_counts_where_it_is_told_to()
    {
        var counting = CrashingJournal.Counting(new InMemoryRunJournal());
        var countingClaims = CrashingJournal.Counting(new InMemoryRunJournal()).CountingClaims();
        await WorkAsync(counting);
        await WorkAsync(countingClaims);

        Assert.Equal((3, 4), (counting.Appends, countingClaims.Appends));
        Assert.False(counting.HasCrashed);
        var withClaims = CrashingJournal.AfterAppend(_inner, 2).CountingClaims();
        await Assert.ThrowsAsync<SimulatedCrashException>(() => WorkAsync(withClaims));
        Assert.Equal(2, await CountAsync(_inner));
    }

    [Fact]
    public async Task After_the_crash_nothing_works_any_more()
    {
        var journal = CrashingJournal.BeforeAppend(_inner, 3);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => WorkAsync(journal));
        var claim = new IRunJournal.Claim(Run, "host", 1, 2);

        Func<Task>[] operations =
        [
            () => WorkAsync(journal),
            () => CountAsync(journal),
            async () => await journal.ListAsync(new RunSummary.Query(), default).GetAsyncEnumerator().MoveNextAsync(),
            () => journal.PutBlobAsync(Run, "ab", new byte[1], default).AsTask(),
            () => journal.GetBlobAsync(Run, "ab", default).AsTask(),
            () => journal.ClaimAsync(Run, "host", TimeSpan.FromSeconds(1), default).AsTask(),
            () => journal.RenewAsync(claim, TimeSpan.FromSeconds(1), default).AsTask(),
            () => journal.ReleaseAsync(claim, default).AsTask(),
            () => journal.SaveSnapshotAsync(Run, new IRunJournal.Snapshot(1, 1, default), default).AsTask(),
            () => journal.LoadSnapshotAsync(Run, default).AsTask(),
            () => journal.PostAsync(Run, new IRunJournal.Command.Cancel(""), default).AsTask(),
            () => journal.ReadMailboxAsync(Run, 0, default).AsTask(),
        ];

        Assert.Equal(typeof(IRunJournal).GetMethods().Length, operations.Length);
        foreach (var operation in operations)
        {
            await Assert.ThrowsAsync<SimulatedCrashException>(operation);
        }

        Assert.Equal(3, await CountAsync(_inner));
    }

    [Fact]
    public async Task A_reading_under_way_learns_nothing_more_after_the_crash()
    {
        var journal = CrashingJournal.BeforeAppend(_inner, 2);
        await journal.AppendAsync(Run, 0, 0, [Accepted, new RunEvent.Recorded(2, default, new RunEvent.Paused("x"))], default);
        await using var reading = journal.ReadAsync(Run, 1, default).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());

        await Assert.ThrowsAsync<SimulatedCrashException>(() => WorkAsync(journal));

        await Assert.ThrowsAsync<SimulatedCrashException>(() => reading.MoveNextAsync().AsTask());
    }

    [Fact]
    public void There_is_no_append_before_the_first()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CrashingJournal.BeforeAppend(_inner, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CrashingJournal.AfterAppend(_inner, 0));
    }

    private static RunEvent.Recorded Accepted { get; } =
        new(1, default, new RunEvent.Accepted(new TaskRequest("Fix it"), new RunEvent.Accepted.Terms("bugfix", "1", new Budget())));

    private static async Task WorkAsync(CrashingJournal journal)
    {
        await journal.AppendAsync(Run, 0, 0, [Accepted], default);
        var claim = await journal.ClaimAsync(Run, "host", TimeSpan.FromMinutes(1), default);
        await journal.AppendAsync(Run, claim.Epoch, 2, [new RunEvent.Recorded(3, default, new RunEvent.Paused("a"))], default);
        await journal.AppendAsync(Run, claim.Epoch, 3, [new RunEvent.Recorded(4, default, new RunEvent.Paused("b"))], default);
    }

    private static async Task<int> CountAsync(IRunJournal journal)
    {
        var count = 0;
        await foreach (var recorded in journal.ReadAsync(Run, 1, default))
        {
            count++;
        }

        return count;
    }
}
