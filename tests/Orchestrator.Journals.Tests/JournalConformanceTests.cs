using Orchestrator.Testing;

namespace Orchestrator.Tests;

/// <summary>One suite over every journal.</summary>
public sealed class JournalConformanceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Promises => [.. JournalConformance.Cases.Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Promises))]
    public Task In_memory(string promise) => Case(promise).RunAsync(time => new(new InMemoryRunJournal(time)));

    [Theory]
    [MemberData(nameof(Promises))]
    public Task In_memory_as_bytes(string promise) => Case(promise).RunAsync(time => new(new SerializedInMemoryRunJournal(time)));

    [Theory]
    [MemberData(nameof(Promises))]
    public Task On_sqlite(string promise) => Case(promise).RunAsync(time => new(new SqliteRunJournal(_directory.File("runs.db"), time)));

    [Theory]
    [MemberData(nameof(Promises))]
    public Task Behind_a_crashing_journal_that_does_not_crash(string promise) =>
        Case(promise).RunAsync(time => new(CrashingJournal.Counting(new InMemoryRunJournal(time))));

    [Fact]
    public void Every_promise_has_a_name_of_its_own() =>
        Assert.Equal(JournalConformance.Cases.Count, JournalConformance.Cases.Select(promise => promise.Name).Distinct().Count());

    public void Dispose() => _directory.Dispose();

    private static ConformanceCase Case(string promise) => JournalConformance.Cases.Single(each => each.Name == promise);
}
