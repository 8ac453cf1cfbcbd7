namespace Orchestrator;

/// <summary>A task was not accepted. Nothing was recorded and nothing was done.</summary>
public sealed class TaskRejectedException : OrchestratorException
{
    /// <summary>Makes one from everything that was wrong.</summary>
    public TaskRejectedException(IReadOnlyList<string> problems)
        : base($"The task was not accepted: {string.Join(" ", problems)}") => Problems = problems;

    /// <summary>Everything that was wrong with it.</summary>
    public IReadOnlyList<string> Problems { get; }
}
