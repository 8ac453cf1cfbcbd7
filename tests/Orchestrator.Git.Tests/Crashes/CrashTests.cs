using Orchestrator.Testing;

namespace Orchestrator.Git.Tests;

/// <summary>
/// The bugfix run, crashed at every single append and resumed on a fresh host from the same SQLite file. Each time the same tree comes out, and nothing whose
/// receipt was written is done again.
/// </summary>
public abstract class CrashTests
{
    private protected abstract CrashingJournal Crash(IRunJournal journal, int append);

    [Fact]
    public async Task Whatever_append_it_dies_at_the_run_ends_with_the_same_tree_and_repeats_no_receipt()
    {
        var expected = await RunWithoutCrashAsync();
        var append = 0;
        for (var hasCrashed = true; hasCrashed;)
        {
            hasCrashed = await RunWithCrashAsync(++append, expected);
        }

        Assert.True(append > 20, $"Only {append - 1} appends were crashed; the scenario has shrunk.");
    }

    private static async Task<string> RunWithoutCrashAsync()
    {
        using var scenario = new BugfixScenario();
        var run = await scenario.StartAsync();

        await using var journal = scenario.OpenJournal();
        var result = await scenario.DriveAsync(run, journal);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(4, scenario.Model.Requests.Count);
        Assert.Equal(3, scenario.Verifications);
        var (calls, tree) = scenario.Branch(result.Branch);
        Assert.Equal(2, calls.Count);
        return tree;
    }

    private async Task<bool> RunWithCrashAsync(int append, string expectedTree)
    {
        using var scenario = new BugfixScenario();
        var run = await scenario.StartAsync();
        await using var first = scenario.OpenJournal();
        var crashing = Crash(first, append);
        var failure = await Record.ExceptionAsync(() => scenario.DriveAsync(run, crashing));
        Assert.True(crashing.HasCrashed == failure is not null, $"Append {append}: {failure}");

        await using var journal = scenario.OpenJournal();
        var result = await scenario.DriveAsync(run, journal);

        var where = $"Crashed at append {append}. ";
        var events = await journal.ReadAsync(run, 1, default).ToListAsync();
        Assert.True(result.Status == RunStatus.Succeeded, where + $"{result.Status}: {result.Summary}");
        CheckReceipts(where, events, scenario);

        var (calls, tree) = scenario.Branch(result.Branch);
        Assert.True(tree == expectedTree, where + "The tree is another one.");
        Assert.True(calls.Count == 2 && calls.Distinct().Count() == 2, where + $"Commits of {string.Join(", ", calls)}.");
        return crashing.HasCrashed;
    }

    private static void CheckReceipts(string where, List<RunEvent.Recorded> events, BugfixScenario scenario)
    {
        var intents = events.Select(recorded => recorded.Event).OfType<RunEvent.AttemptStarted>().ToList();
        var receipts = events.Select(recorded => recorded.Event).OfType<RunEvent.AttemptEnded>().ToDictionary(ended => (ended.Call, ended.Attempt));
        foreach (var same in intents.GroupBy(intent => (intent.Call, intent.Intent.RequestHash)))
        {
            var received = same.Count(intent => receipts.TryGetValue((intent.Call, intent.Attempt), out var ended) && ended.Receipt.Succeeded);
            Assert.True(received == 1, where + $"{same.Key.Call} has {received} receipts for one request.");
        }

        // From outside: nothing was done more often than there are receipts and intents whose receipt was never written.
        CheckCount(where, "model requests", scenario.Model.Requests.Count, WorkerCall.AttemptKind.Model, intents, receipts);
        CheckCount(where, "verifications", scenario.Verifications, WorkerCall.AttemptKind.Command, intents, receipts);
    }

    private static void CheckCount(
        string where,
        string what,
        int done,
        WorkerCall.AttemptKind kind,
        List<RunEvent.AttemptStarted> intents,
        Dictionary<(CallId, int), RunEvent.AttemptEnded> receipts)
    {
        var ofKind = intents.Where(intent => intent.Intent.Kind == kind).ToList();
        var received = ofKind.Count(intent => receipts.ContainsKey((intent.Call, intent.Attempt)));
        Assert.True(done >= received && done <= ofKind.Count, where + $"{done} {what}, with {received} receipts and {ofKind.Count} intents.");
    }
}

public sealed class CrashBeforeAnAppendTests : CrashTests
{
    private protected override CrashingJournal Crash(IRunJournal journal, int append) => CrashingJournal.BeforeAppend(journal, append).CountingClaims();
}

public sealed class CrashAfterAnAppendTests : CrashTests
{
    private protected override CrashingJournal Crash(IRunJournal journal, int append) => CrashingJournal.AfterAppend(journal, append).CountingClaims();
}
