using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The engine's capability that runs the repository's tests on exactly one tree. Called like a worker, carried out by the engine.</summary>
public static class Verify
{
    /// <summary>The capability's name.</summary>
    public const string Capability = "verify";

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } = new(Capability, 1, CoreJsonContext.Default.VerifyInput, CoreJsonContext.Default.VerifyOutput);

    /// <summary>A call that runs the tests.</summary>
    public static WorkerCall Call(Input? input = null) =>
        WorkerCall.To(Capability, JsonSerializer.SerializeToElement(input ?? new Input(), CoreJsonContext.Default.VerifyInput));

    /// <summary>What to test.</summary>
    public sealed record Input
    {
        /// <summary>The tree to test.</summary>
        public Place At { get; init; }

        /// <summary>Ids of the tests to run; empty for all.</summary>
        public IReadOnlyList<string> Tests { get; init => field = value ?? []; } = [];

        /// <summary>Ids of tests that must pass for the result to be green, whatever the base showed.</summary>
        public IReadOnlyList<string> Targets { get; init => field = value ?? []; } = [];
    }

    /// <summary>What the tests showed. Whether that is green stands in the call's <see cref="CallResult.Evidence"/>.</summary>
    /// <param name="Status">Success where the result is green.</param>
    /// <param name="Report">The run of the tests.</param>
    public sealed record Output(WorkerClaim Status, TestReport Report)
    {
        /// <summary>The tests of the base, where this call had to run them for comparison.</summary>
        public TestReport? Baseline { get; init; }
    }

    /// <summary>The trees that can be tested.</summary>
    public enum Place
    {
        /// <summary>Where the run's branch stands.</summary>
        [JsonStringEnumMemberName("head")] Head,

        /// <summary>Where the run started.</summary>
        [JsonStringEnumMemberName("base")] Base,

        /// <summary>Where the run started, with the test files of the branch: shows that a new test fails on the old code.</summary>
        [JsonStringEnumMemberName("base_with_new_tests")] BaseWithNewTests,
    }
}
