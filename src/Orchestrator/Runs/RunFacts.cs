namespace Orchestrator;

/// <summary>The part of a run's state that hardly ever changes, kept apart so that a new state does not copy it.</summary>
internal sealed record RunFacts(TaskRequest Task, RunRegistration Registration, Budget Limits)
{
    public static RunFacts None { get; } = new(new TaskRequest(""), new RunRegistration("", "", new Budget()), new Budget());

    public DateTimeOffset AcceptedAt { get; init; }

    public WorkspaceRevision? Base { get; init; }

    public string Branch { get; init; } = "";

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<string> Artifacts { get; init; } = [];

    public Payload Diff { get; init; }
}
