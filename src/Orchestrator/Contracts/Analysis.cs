using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>analysis/1</c>: report, logs and summary in, likely files and hypotheses out.</summary>
public static class Analysis
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "analysis";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.AnalysisInput, ContractJsonContext.Default.AnalysisOutput);

    /// <summary>What is to be explained.</summary>
    /// <param name="Report">What goes wrong, in the words of whoever saw it.</param>
    public sealed record Input(string Report)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>Logs, stack traces and outputs of failing tests; filled from the task's attachments where there are none.</summary>
        public IReadOnlyList<string> Logs { get; init => field = value ?? []; } = [];

        /// <summary>What the repository is: layout, languages, how it is built and tested. Found by looking where it is <see langword="null"/>.</summary>
        public string? RepoSummary { get; init; }

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

        /// <summary>What else to look at.</summary>
        public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
    }

    /// <summary>The explanation.</summary>
    /// <param name="Status">What the worker says of its work.</param>
    /// <param name="LikelyFiles">Where the cause is likely to be, the likeliest first.</param>
    /// <param name="Hypotheses">What the cause may be, the likeliest first.</param>
    public sealed record Output(
        [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("Where the cause is likely to be, the likeliest first.")] IReadOnlyList<LikelyFile> LikelyFiles,
        [property: Description("What the cause may be, the likeliest first.")] IReadOnlyList<Hypothesis> Hypotheses) : IValidatableObject
    {
        /// <summary>What else is worth knowing.</summary>
        [Description("What else is worth knowing, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

        IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
            Status == WorkerClaim.Success && LikelyFiles.Count == 0
                ? [new ValidationResult("is empty although the status is success; name at least one file, or say failed or partial", ["likely_files"])]
                : [];
    }

    /// <summary>A file that the cause may be in.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Reason">Why it is suspected.</param>
    public sealed record LikelyFile(
        [property: Description("Path in the repository, relative, with '/'.")] RepoPath Path,
        [property: Description("Why it is suspected.")] string Reason = "");

    /// <summary>A possible cause.</summary>
    /// <param name="Statement">What may be wrong.</param>
    /// <param name="Evidence">What speaks for it.</param>
    public sealed record Hypothesis(
        [property: Description("What may be wrong, in one sentence.")] string Statement,
        [property: Description("What speaks for it.")] string Evidence = "");
}
