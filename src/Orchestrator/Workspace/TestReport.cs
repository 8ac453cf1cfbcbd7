using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What one run of a verification command showed, on exactly one tree.</summary>
/// <param name="Tree">The tree it ran on.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record TestReport(string Tree, TestReport.Result Outcome)
{
    /// <summary>The command as it was run.</summary>
    public string Command { get; init => field = value ?? ""; } = "";

    /// <summary>The process's exit code, where it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Every test that the command reported; empty where it reports none by name.</summary>
    public IReadOnlyList<Case> Cases { get; init => field = value ?? []; } = [];

    /// <summary>The end of what the command printed, or what kept it from running.</summary>
    public string Output { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the command printed more than was kept.</summary>
    public bool OutputCut { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Ids of the tests that failed.</summary>
    [JsonIgnore]
    public IEnumerable<string> Failing => Cases.Where(test => test.Outcome == CaseResult.Failed).Select(test => test.Id);

    /// <summary>How a verification command can end.</summary>
    public enum Result
    {
        /// <summary>It could not be started, or its set-up failed.</summary>
        [JsonStringEnumMemberName("not_run")] NotRun,

        /// <summary>It ran at least one test, or reports none by name, and all went well.</summary>
        [JsonStringEnumMemberName("passed")] Passed,

        /// <summary>At least one test failed, or the command did.</summary>
        [JsonStringEnumMemberName("failed")] Failed,

        /// <summary>It ended well without running a single test, which shows nothing.</summary>
        [JsonStringEnumMemberName("empty")] Empty,

        /// <summary>It was ended at its time limit.</summary>
        [JsonStringEnumMemberName("timed_out")] TimedOut,
    }

    /// <summary>How one test can end.</summary>
    public enum CaseResult
    {
        /// <summary>It was not run.</summary>
        [JsonStringEnumMemberName("skipped")] Skipped,

        /// <summary>It passed.</summary>
        [JsonStringEnumMemberName("passed")] Passed,

        /// <summary>It failed.</summary>
        [JsonStringEnumMemberName("failed")] Failed,
    }

    /// <summary>One test's result.</summary>
    /// <param name="Id">The test's full name, stable between runs.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Message">Why it failed, with the part of the stack trace that helps.</param>
    public sealed record Case(string Id, CaseResult Outcome, string Message = "");

    /// <summary>What a recorded test run proves, and about which tree.</summary>
    /// <param name="Tree">The tree the tests ran on. It proves nothing about any other.</param>
    /// <param name="Green">No test failed that did not fail on the run's base, the target tests passed, and at least one test ran.</param>
    /// <param name="Passed">How many tests passed.</param>
    /// <param name="Failed">How many failed.</param>
    public sealed record Evidence(string Tree, bool Green, int Passed, int Failed)
    {
        /// <summary>How the command ended.</summary>
        public Result Outcome { get; init; }

        /// <summary>Ids of failing tests that the base did not have or that were to pass; at most fifty.</summary>
        public IReadOnlyList<string> Failing { get; init => field = value ?? []; } = [];

        /// <summary>Whether the whole of the repository's tests ran, and not a subset.</summary>
        public bool Whole { get; init; } = true;
    }
}
