using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The contract <c>planner/1</c>: goal and repository summary in, ordered steps with the files they touch out.</summary>
public static class Planner
{
    /// <summary>The name it is called by.</summary>
    public const string Capability = "planner";

    /// <summary>The version of the shapes below.</summary>
    public const int Version = 1;

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Input, Output> Contract { get; } =
        new(Capability, Version, ContractJsonContext.Default.PlannerInput, ContractJsonContext.Default.PlannerOutput);

    /// <summary>What is to be planned.</summary>
    /// <param name="Goal">What the plan is to achieve.</param>
    public sealed record Input(string Goal)
    {
        /// <summary>The task; filled from the run where it is empty.</summary>
        [JsonPropertyOrder(-1)]
        public string TaskId { get; init => field = value ?? ""; } = "";

        /// <summary>What the repository is: layout, languages, how it is built and tested. Found by looking where it is <see langword="null"/>.</summary>
        public string? RepoSummary { get; init; }

        /// <summary>Rules to keep, in plain words; filled from the task where there are none.</summary>
        public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

        /// <summary>The capabilities that steps may use; empty for any.</summary>
        public IReadOnlyList<string> Capabilities { get; init => field = value ?? []; } = [];

        /// <summary>What else to look at.</summary>
        public CodeFile.Context Context { get; init => field = value ?? new(); } = new();
    }

    /// <summary>The plan.</summary>
    /// <param name="Status">What the worker says of its work.</param>
    /// <param name="Steps">The steps, each after those it depends on.</param>
    public sealed record Output(
        [property: Description("success, failed, or partial with notes that say what is missing.")] WorkerClaim Status,
        [property: Description("The steps, each after those it depends on.")] IReadOnlyList<Step> Steps) : IValidatableObject
    {
        /// <summary>Why it is planned so.</summary>
        [Description("Why it is planned so, in a few sentences.")]
        public string Notes { get; init => field = value ?? ""; } = "";

        /// <summary>What the reader should be careful about.</summary>
        [Description("Risks and doubts, one each.")]
        public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

        /// <summary>The same as a plan that a decider can put into <see cref="Decision.Replan"/>.</summary>
        public Plan ToPlan() => new(
        [
            .. Steps.Select(step => new PlanStep(step.Id, step.Kind, step.Description)
            {
                Capability = step.Capability,
                DependsOn = step.DependsOn,
                Reads = [.. step.Reads.Select(path => path.Value)],
                Writes = [.. step.Writes.Select(path => path.Value)],
            }),
        ]);

        IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => ContractRules.PlanSteps(this);
    }

    /// <summary>One step of the plan.</summary>
    /// <param name="Id">The step's name, unique within the plan.</param>
    /// <param name="Kind">What sort of work it is, such as <c>edit</c>.</param>
    /// <param name="Description">What is to be done.</param>
    public sealed record Step(
        [property: Description("Short and unique, such as 's1'.")] string Id,
        [property: Description("What sort of work it is: edit, test, review, docs or another word.")] string Kind,
        [property: Description("What is to be done, so that whoever does it needs nothing else.")] string Description)
    {
        /// <summary>The capability that carries it out.</summary>
        [Description("The capability that carries it out.")]
        public string Capability { get; init => field = value ?? ""; } = "";

        /// <summary>Ids of the steps whose results it needs.</summary>
        [Description("Ids of the steps whose results it needs.")]
        public IReadOnlyList<string> DependsOn { get; init => field = value ?? []; } = [];

        /// <summary>Files it reads.</summary>
        [Description("Files it reads.")]
        public IReadOnlyList<RepoPath> Reads { get; init => field = value ?? []; } = [];

        /// <summary>Files it writes.</summary>
        [Description("Files it writes.")]
        public IReadOnlyList<RepoPath> Writes { get; init => field = value ?? []; } = [];
    }
}
