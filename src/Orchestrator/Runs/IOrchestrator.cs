namespace Orchestrator;

/// <summary>The front door: takes tasks, drives runs, and lets others look on and step in.</summary>
/// <remarks>Safe for concurrent use. Every method works on any run of the journal, whichever host accepted it.</remarks>
public interface IOrchestrator
{
    /// <summary>Accepts a task durably, and does not drive it.</summary>
    /// <param name="task">What is to be done.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new run.</returns>
    /// <exception cref="TaskRejectedException">Something is wrong with the task; the exception lists everything that is.</exception>
    ValueTask<RunId> StartAsync(TaskRequest task, CancellationToken cancellationToken = default);

    /// <summary>Drives a run until it ends or waits for a person. A run that has ended is only reported.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops driving here, after letting calls under way finish for a while. The run stays as it is and can be resumed.</param>
    /// <exception cref="RunOwnedException">Another host drives it, or took it over.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="OperationCanceledException">Driving was stopped; the run can be resumed.</exception>
    Task<RunResult> ResumeAsync(RunId run, CancellationToken cancellationToken = default);

    /// <summary>Accepts a task and drives it until it ends or waits for a person: <see cref="StartAsync"/> and <see cref="ResumeAsync"/> in one.</summary>
    /// <exception cref="TaskRejectedException">Something is wrong with the task; the exception lists everything that is.</exception>
    /// <exception cref="OperationCanceledException">Driving was stopped; the run is kept and <see cref="ListAsync"/> shows it.</exception>
    async Task<RunResult> RunAsync(TaskRequest task, CancellationToken cancellationToken = default) =>
        await ResumeAsync(await StartAsync(task, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Yields a run's durable events as they come, until the run ends.</summary>
    /// <param name="run">The run.</param>
    /// <param name="fromSequence">The first event to yield; one for all.</param>
    /// <param name="cancellationToken">Stops looking on; the run does not notice.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    IAsyncEnumerable<RunEvent.Recorded> WatchAsync(RunId run, long fromSequence = 1, CancellationToken cancellationToken = default);

    /// <summary>Asks for a run to end as <see cref="RunStatus.Cancelled"/>, whoever drives it. What it has done so far stays on record.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask CancelAsync(RunId run, string reason = "", CancellationToken cancellationToken = default);

    /// <summary>Answers a question that a call asked. A paused run goes on when it is next driven.</summary>
    /// <param name="run">The run.</param>
    /// <param name="call">The call that asked.</param>
    /// <param name="answer">The answer; one of the options, where the question has some.</param>
    /// <param name="by">Who answers, for the record.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OrchestratorException">The call asks nothing, has been answered, or does not offer that option.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask AnswerAsync(RunId run, CallId call, string answer, string by = "", CancellationToken cancellationToken = default);

    /// <summary>Replaces those of a run's limits that the budget sets.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask RaiseBudgetAsync(RunId run, Budget budget, CancellationToken cancellationToken = default);

    /// <summary>Lists runs, the newest first.</summary>
    IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query? query = null, CancellationToken cancellationToken = default);

    /// <summary>The whole record of a run, as far as it has come.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask<RunRecord> ReadAsync(RunId run, CancellationToken cancellationToken = default);
}
