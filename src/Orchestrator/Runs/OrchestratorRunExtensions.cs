namespace Orchestrator;

/// <summary>Shorthand over <see cref="IOrchestrator"/>.</summary>
public static class OrchestratorRunExtensions
{
    /// <summary>Accepts a task and drives it until it ends or waits for a person.</summary>
    /// <inheritdoc cref="IOrchestrator.StartAsync"/>
    public static async Task<RunResult> RunAsync(this IOrchestrator orchestrator, TaskRequest task, CancellationToken cancellationToken = default)
    {
        var run = await orchestrator.StartAsync(task, cancellationToken).ConfigureAwait(false);
        return await orchestrator.ResumeAsync(run, cancellationToken).ConfigureAwait(false);
    }
}
