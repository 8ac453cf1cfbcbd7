using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>code_edit/1</c>: one goal and one file in, a patch out.</summary>
public static class CodeEdit
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "code_edit";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.CodeEditInput, ContractJsonContext.Default.CodeEditOutput);

    /// <summary>What is to be changed.</summary>
    /// <param name="Goal">What the change is to achieve.</param>
    /// <param name="FilePath">The file it is mainly about.</param>
    public sealed record Input(string Goal, RepoPath FilePath)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>The file's text; read from the call's base tree where it is <see langword="null"/>. Empty text says that the file is new.</summary>
        public string? OriginalCode { get; init; }

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

        /// <summary>What else to look at.</summary>
        public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
    }

    /// <summary>The change.</summary>
    /// <param name="Status">What the worker says of its work.</param>
    /// <param name="Patch">The change; needed where the status is success.</param>
    public sealed record Output(
        [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("The change as a unified diff against the given code.")] PatchText? Patch = null) : IValidatableObject
    {
        /// <summary>What was done and why, in a few sentences.</summary>
        [Description("What was done and why, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

        IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => ContractRules.PatchOnSuccess(Status, Patch);
    }

    /// <summary>The contract <c>code_edit_batch/1</c>: one goal and several files in, one patch over all of them out.</summary>
    public static class Batch
    {
        /// <summary>The name it is called by.</summary>
        public const string Capability = "code_edit_batch";

        /// <summary>The version of the shapes below.</summary>
        public const int Version = 1;

        /// <summary>Both shapes with their schemas.</summary>
        public static WorkerContract<Input, Output> Contract { get; } =
            new(Capability, Version, ContractJsonContext.Default.CodeEditBatchInput, ContractJsonContext.Default.CodeEditBatchOutput);

        /// <summary>What is to be changed.</summary>
        /// <param name="Goal">What the change is to achieve.</param>
        /// <param name="Files">The files it is about.</param>
        public sealed record Input(string Goal, IReadOnlyList<Target> Files)
        {
            /// <summary>The task; filled from the run where it is empty.</summary>
            [JsonPropertyOrder(-1)]
            public string TaskId { get; init => field = value ?? ""; } = "";

            /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
            public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

            /// <summary>What else to look at.</summary>
            public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
        }

        /// <summary>One file to change.</summary>
        /// <param name="FilePath">The file.</param>
        /// <param name="OriginalCode">Its text; read from the call's base tree where it is <see langword="null"/>. Empty text says that the file is new.</param>
        public sealed record Target(RepoPath FilePath, string? OriginalCode = null);

        /// <summary>The change.</summary>
        /// <param name="Status">What the worker says of its work.</param>
        /// <param name="Patch">The change; needed where the status is success.</param>
        public sealed record Output(
            [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
            [property: Description("The change to all files as one unified diff against the given code.")] PatchText? Patch = null) : IValidatableObject
        {
            /// <summary>What was done and why, in a few sentences.</summary>
            [Description("What was done and why, in a few sentences.")]
            public string Notes { get; init => field = value ?? ""; } = "";

            /// <summary>What the reader should be careful about.</summary>
            [Description("Risks and doubts, one each.")]
            public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

            IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => ContractRules.PatchOnSuccess(Status, Patch);
        }
    }
}
