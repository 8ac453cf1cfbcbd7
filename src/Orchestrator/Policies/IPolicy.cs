namespace Orchestrator;

/// <summary>A rule that runs in code before an effect: on plans, calls, patches, and the end of a run.</summary>
/// <remarks>
/// One instance serves all runs, concurrently. Policies judge in the order they were added; the first that does not allow decides. Every verdict is recorded.
/// A policy that throws denies, with the exception's message as the reason.
/// </remarks>
public interface IPolicy
{
    /// <summary>A stable name, recorded with each verdict.</summary>
    string Id { get; }

    /// <summary>Judges one thing.</summary>
    /// <param name="subject">What is about to happen.</param>
    /// <param name="state">The run so far.</param>
    /// <param name="context">Reads outputs of calls.</param>
    /// <param name="cancellationToken">Set when the run is stopped.</param>
    ValueTask<Verdict> JudgeAsync(PolicySubject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken);
}
