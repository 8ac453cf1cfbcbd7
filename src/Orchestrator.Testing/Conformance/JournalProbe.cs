using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>A journal under test with a run of its own, and the shorthand that the cases are written in.</summary>
internal sealed class JournalProbe(IRunJournal journal, ManualTimeProvider time, CancellationToken cancellationToken)
{
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(30);

    public IRunJournal Journal { get; } = journal;

    public ManualTimeProvider Time { get; } = time;

    public CancellationToken Token { get; } = cancellationToken;

    public RunId Run { get; } = NewRun();

    /// <summary>No other case and no earlier test run uses this tenant.</summary>
    public string Tenant { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static ConformanceCase Case(string name, Func<JournalProbe, Task> run) =>
        new(name, (journal, time, cancellationToken) => run(new JournalProbe(journal, time, cancellationToken)));

    public static RunId NewRun() => new(new Guid(RandomNumberGenerator.GetBytes(16)));

    public static RunEvent Fact(string text) => new RunEvent.Noted("conformance.fact", 1, JsonSerializer.SerializeToElement(text));

    public static string TextOf(RunEvent.Recorded recorded) => recorded.Event is RunEvent.Noted noted ? noted.Data.GetString() ?? "" : recorded.Event.GetType().Name;

    public RunEvent.Accepted Accepted(string goal = "Fix it") => new(
        new TaskRequest(goal) { Tenant = Tenant, Workflow = "bugfix" },
        new RunEvent.Accepted.Terms("bugfix", "1", new Budget()));

    /// <summary>Creates the run with one event.</summary>
    public Task CreateAsync() => CreateAsync(Run);

    public async Task CreateAsync(RunId run, string goal = "Fix it") =>
        await AppendAsync(run, 0, 0, Accepted(goal)).ConfigureAwait(false);

    /// <summary>Creates the run and claims it, which makes two events.</summary>
    public async Task<IRunJournal.Claim> CreateAndClaimAsync(string owner = "host-1")
    {
        await CreateAsync().ConfigureAwait(false);
        return await Journal.ClaimAsync(Run, owner, Lease, Token).ConfigureAwait(false);
    }

    public Task AppendAsync(long epoch, long expected, params RunEvent[] events) => AppendAsync(Run, epoch, expected, events);

    public async Task AppendAsync(RunId run, long epoch, long expected, params RunEvent[] events) =>
        await Journal.AppendAsync(run, epoch, expected, Number(expected, events), Token).ConfigureAwait(false);

    public RunEvent.Recorded[] Number(long expected, params RunEvent[] events) =>
        [.. events.Select((each, index) => new RunEvent.Recorded(expected + 1 + index, Time.GetUtcNow(), each))];

    public Task<List<RunEvent.Recorded>> ReadAsync(long from = 1) => ReadAsync(Run, from);

    public async Task<List<RunEvent.Recorded>> ReadAsync(RunId run, long from)
    {
        var events = new List<RunEvent.Recorded>();
        await foreach (var recorded in Journal.ReadAsync(run, from, Token).ConfigureAwait(false))
        {
            events.Add(recorded);
        }

        return events;
    }

    public async Task<List<RunSummary>> ListAsync(RunSummary.Query? query = null)
    {
        var runs = new List<RunSummary>();
        await foreach (var summary in Journal.ListAsync((query ?? new RunSummary.Query()) with { Tenant = Tenant }, Token).ConfigureAwait(false))
        {
            runs.Add(summary);
        }

        return runs;
    }

    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ConformanceException(otherwise);
        }
    }

    public static void Same<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} is {actual}, not {expected}.");

    public static async Task<T> ThrowsAsync<T>(Func<Task> operation, string when)
        where T : Exception
    {
        try
        {
            await operation().ConfigureAwait(false);
        }
        catch (T expected)
        {
            return expected;
        }

        throw new ConformanceException($"{when}: nothing was thrown, where {typeof(T).Name} is due.");
    }

    /// <summary>Starts many at once, from as many threads as there are.</summary>
    public static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> operation)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, count).Select(async index =>
        {
            await start.Task.ConfigureAwait(false);
            return await operation(index).ConfigureAwait(false);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(all).ConfigureAwait(false);
    }
}
