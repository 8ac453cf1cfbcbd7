using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>test_writer/1</c>: a target and its wanted behaviour in, new or updated test code out.</summary>
public static class TestWriter
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "test_writer";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.TestWriterInput, ContractJsonContext.Default.TestWriterOutput);

    /// <summary>What is to be tested.</summary>
    /// <param name="Behaviour">What must hold, so that a test can show it.</param>
    public sealed record Input(string Behaviour)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>The code under test; its text is read from the call's base tree where it is left out.</summary>
        public CodeFile? Target { get; init; }

        /// <summary>The file that the tests belong into, existing or not; <see langword="null"/> to leave that to the worker.</summary>
        public CodeFile? TestFile { get; init; }

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

        /// <summary>What else to look at, such as tests that show the house style.</summary>
        public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
    }

    /// <summary>The tests, as a patch or as whole files; both where that is handier.</summary>
    /// <param name="Status">What the worker says of its work.</param>
    /// <param name="Patch">Changes to existing test files.</param>
    public sealed record Output(
        [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("Changes to existing test files as a unified diff; null where whole files are given.")] PatchText? Patch = null) : IValidatableObject
    {
        /// <summary>Test files that are new or replaced whole.</summary>
        [Description("Test files that are new or replaced whole.")]
        public IReadOnlyList<CodeFile> Files { get; init => field = value ?? []; } = [];

        /// <summary>Names of the tests that are new or changed, as the test runner reports them.</summary>
        [Description("Full names of the tests that are new or changed, as the test runner reports them.")]
        public IReadOnlyList<string> Tests { get; init => field = value ?? []; } = [];

        /// <summary>What the tests show.</summary>
        [Description("What the tests show, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

        IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => ContractRules.TestCode(this);
    }
}
