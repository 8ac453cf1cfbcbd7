using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>static_analysis/1</c>: a diff or files in, issues out.</summary>
public static class StaticAnalysis
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "static_analysis";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.StaticAnalysisInput, ContractJsonContext.Default.StaticAnalysisOutput);

    /// <summary>What is to be examined.</summary>
    public sealed record Input
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>A change to examine; where it is <see langword="null"/> and there are no files, what the run has changed so far.</summary>
        public string? Diff { get; init; }

        /// <summary>Files to examine; text that is left out is read from the call's base tree.</summary>
        public IReadOnlyList<CodeFile> Files { get; init => field = value ?? []; } = [];

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];
    }

    /// <summary>What was found.</summary>
    /// <param name="Status">What the worker says of its work; finding issues is success.</param>
    /// <param name="Issues">The issues, the gravest first.</param>
    public sealed record Output(
        [property: Description("success (issues or none), failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("The issues, the gravest first.")] IReadOnlyList<Issue> Issues)
    {
        /// <summary>What else is worth knowing.</summary>
        [Description("What else is worth knowing, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
    }

    /// <summary>One thing that is wrong or doubtful.</summary>
    /// <param name="Type">What sort of issue it is, such as <c>null_reference</c>.</param>
    /// <param name="Severity">How grave it is.</param>
    /// <param name="Location">Where it is.</param>
    /// <param name="Suggestion">What to do about it.</param>
    public sealed record Issue(
        [property: Description("What sort of issue it is, in a word or two.")] string Type,
        Severity Severity,
        Location Location,
        [property: Description("What to do about it.")] string Suggestion = "");

    /// <summary>A place in a file.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Line">The line, counted from one; <see langword="null"/> for the whole file.</param>
    public sealed record Location(
        [property: Description("Path in the repository, relative, with '/'.")] RepoPath Path,
        [property: Description("The line, counted from one.")] int? Line = null);

    /// <summary>How grave an issue is.</summary>
    public enum Severity
    {
        /// <summary>Worth knowing.</summary>
        [JsonStringEnumMemberName("info")] Info,

        /// <summary>Should be looked at.</summary>
        [JsonStringEnumMemberName("warning")] Warning,

        /// <summary>Must be mended.</summary>
        [JsonStringEnumMemberName("error")] Error,
    }
}
