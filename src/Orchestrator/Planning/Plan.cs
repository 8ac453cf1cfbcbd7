namespace Orchestrator;

/// <summary>An ordered piece of work as data: checked before anything is spent on it, changed only by replacing it.</summary>
/// <param name="Steps">The steps. Their order says nothing; <see cref="PlanStep.DependsOn"/> does.</param>
public sealed record Plan(IReadOnlyList<PlanStep> Steps)
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<PlanStep> Steps { get; init => field = value ?? []; } = Steps ?? [];

    /// <summary>A plan without steps.</summary>
    public static Plan Empty { get; } = new([]);
}
