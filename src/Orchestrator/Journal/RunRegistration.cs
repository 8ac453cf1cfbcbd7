namespace Orchestrator;

/// <summary>What a run was accepted under, so that a host with another registration notices before it drives the run on.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="WorkflowVersion">Version of the workflow.</param>
/// <param name="Limits">The limits that hold, defaults filled in.</param>
public sealed record RunRegistration(string Workflow, string WorkflowVersion, Budget Limits)
{
    /// <summary>The capabilities and their versions, as <c>code_edit/1</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init => field = value ?? []; } = [];

    /// <summary>Ids of the policies, in the order they judge.</summary>
    public IReadOnlyList<string> Policies { get; init => field = value ?? []; } = [];

    /// <summary>Hash of the prompt of each capability that has one.</summary>
    public IReadOnlyDictionary<string, string> Prompts { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Names of the registered models.</summary>
    public IReadOnlyList<string> Models { get; init => field = value ?? []; } = [];
}
