namespace Orchestrator;

/// <summary>Decides what happens next in a run: a model, or fifteen lines of C#. Registered under a workflow name.</summary>
/// <remarks>
/// Asked one question at a time per run, and safe to share between runs. A decision that is in the journal is never asked for again, and no code is replayed
/// to rebuild state, so an implementation may do anything, random choices included. It may be asked again about the same state if the host died before its
/// answer was recorded.
/// </remarks>
public interface IDecider
{
    /// <summary>Decides the next step of a run.</summary>
    /// <param name="state">The run so far.</param>
    /// <param name="context">Reads outputs and reaches models.</param>
    /// <param name="cancellationToken">Set when the run is stopped or the time for one decision is over.</param>
    ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken);
}
