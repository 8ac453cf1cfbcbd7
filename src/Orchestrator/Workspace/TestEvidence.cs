namespace Orchestrator;

/// <summary>What a recorded test run proves, and about which tree.</summary>
/// <param name="Tree">The tree the tests ran on. It proves nothing about any other.</param>
/// <param name="Green">No test failed that did not fail on the run's base, the target tests passed, and at least one test ran.</param>
/// <param name="Passed">How many tests passed.</param>
/// <param name="Failed">How many failed.</param>
public sealed record TestEvidence(string Tree, bool Green, int Passed, int Failed)
{
    /// <summary>How the command ended.</summary>
    public TestReport.Result Outcome { get; init; }

    /// <summary>Ids of failing tests that the base did not have or that were to pass; at most fifty.</summary>
    public IReadOnlyList<string> Failing { get; init => field = value ?? []; } = [];

    /// <summary>Whether the whole of the repository's tests ran, and not a subset.</summary>
    public bool Whole { get; init; } = true;
}
