namespace Orchestrator.Testing;

/// <summary>What every <see cref="IRunJournal"/> must do, sentence by sentence. Run each case in your own tests, under whatever framework they use.</summary>
/// <example>
/// <code>
/// [Theory, MemberData(nameof(Cases))]
/// public Task Keeps(ConformanceCase promise) => promise.RunAsync(time => OpenAsync(time));
/// </code>
/// </example>
public static class JournalConformance
{
    /// <summary>Every case, independent of the others.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. AppendConformance.Cases,
        .. ReadConformance.Cases,
        .. OwnershipConformance.Cases,
        .. StorageConformance.Cases,
        .. ListConformance.Cases,
    ];
}
