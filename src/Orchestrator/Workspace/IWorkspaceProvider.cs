namespace Orchestrator;

/// <summary>Opens the repositories that runs work on.</summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface IWorkspaceProvider
{
    /// <summary>Checks, before a task is accepted, that its scope names something that can be opened. Changes nothing.</summary>
    /// <param name="scope">The task's scope.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What is wrong and what to do about it, or <see langword="null"/> if nothing is.</returns>
    ValueTask<string?> FindProblemAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken);

    /// <summary>Opens the workspace of a run for one owner, and shuts every former owner out.</summary>
    /// <param name="scope">The task's scope.</param>
    /// <param name="run">The run.</param>
    /// <param name="base">The revision the run started from, once that is recorded; <see langword="null"/> the first time.</param>
    /// <param name="epoch">The owner's epoch. Once opened under it, a workspace opened under a smaller one can commit no more.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="OrchestratorException">The scope cannot be opened; the message says why and what to do.</exception>
    ValueTask<IWorkspace> OpenAsync(TaskRequest.RepoScope scope, RunId run, IWorkspace.Revision? @base, long epoch, CancellationToken cancellationToken);
}
