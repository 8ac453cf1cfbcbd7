using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>doc_writer/1</c>: a diff and the documentation in, a patch to the documentation out.</summary>
public static class DocWriter
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "doc_writer";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.DocWriterInput, ContractJsonContext.Default.DocWriterOutput);

    /// <summary>What is to be documented.</summary>
    /// <param name="Goal">What readers are to learn.</param>
    public sealed record Input(string Goal)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>The change to document; what the run has changed so far where it is <see langword="null"/>.</summary>
        public string? Diff { get; init; }

        /// <summary>The documents as they are; text that is left out is read from the call's base tree.</summary>
        public IReadOnlyList<CodeFile> Docs { get; init => field = value ?? []; } = [];

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];
    }

    /// <summary>The change to the documentation.</summary>
    /// <param name="Status">What the worker says of its work.</param>
    /// <param name="Patch">The change; <see langword="null"/> where the documents need none.</param>
    public sealed record Output(
        [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("The change to the documents as a unified diff; null where they need none.")] PatchText? Patch = null)
    {
        /// <summary>What was done and why, in a few sentences.</summary>
        [Description("What was done and why, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
    }
}
