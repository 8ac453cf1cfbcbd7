using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>reviewer/1</c>: a diff and its context in, approval or requested changes with comments out.</summary>
public static class Reviewer
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "reviewer";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.ReviewerInput, ContractJsonContext.Default.ReviewerOutput);

    /// <summary>What is to be reviewed.</summary>
    /// <param name="Goal">What the change is meant to achieve.</param>
    public sealed record Input(string Goal)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>The change; what the run has changed so far where it is <see langword="null"/>.</summary>
        public string? Diff { get; init; }

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

        /// <summary>What else to look at.</summary>
        public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
    }

    /// <summary>The review.</summary>
    /// <param name="Status">What the worker says of its work; a review that requests changes is success.</param>
    /// <param name="Verdict">What the reviewer says of the change.</param>
    public sealed record Output(
        [property: Description("success (whatever the verdict), failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("Whether the change may go in.")] Opinion Verdict) : IValidatableObject
    {
        /// <summary>What the reviewer has to say, the gravest first.</summary>
        [Description("What is to be changed, or remarks, the gravest first.")]
        public IReadOnlyList<Comment> Comments { get; init => field = value ?? []; } = [];

        /// <summary>The review in a few sentences.</summary>
        [Description("The review in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

        /// <summary>Whether the change may go in: a review that failed approves nothing.</summary>
        [JsonIgnore]
        public bool Approves => Verdict == Opinion.Approved && Status != WorkerClaim.Failed;

        IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
            Verdict == Opinion.ChangesRequested && Comments.Count == 0 && Notes.Length == 0
                ? [new ValidationResult("is empty although changes are requested; say which", ["comments"])]
                : [];
    }

    /// <summary>One remark about the change.</summary>
    /// <param name="Text">The remark.</param>
    public sealed record Comment([property: Description("The remark.")] string Text)
    {
        /// <summary>The file it is about; <see langword="null"/> for the change as a whole.</summary>
        [Description("The file it is about; null for the change as a whole.")]
        public RepoPath? Path { get; init; }

        /// <summary>The line in the changed file, counted from one.</summary>
        [Description("The line in the changed file, counted from one.")]
        public int? Line { get; init; }
    }

    /// <summary>What a reviewer can say of a change.</summary>
    public enum Opinion
    {
        /// <summary>It must be changed first.</summary>
        [JsonStringEnumMemberName("changes_requested")] ChangesRequested,

        /// <summary>It may go in.</summary>
        [JsonStringEnumMemberName("approved")] Approved,
    }
}
