using System.Text.Json;

namespace Orchestrator;

/// <summary>Carries out calls of one capability, JSON in and JSON out.</summary>
/// <remarks>
/// One instance serves concurrent calls of any number of runs. A worker gets data and returns data; it touches no file, process or repository that is
/// the run's. After a crash a call whose outcome is not recorded is run again, and model requests in it that have a receipt are answered from the journal.
/// </remarks>
public interface IWorker
{
    /// <summary>Carries out one call.</summary>
    /// <param name="input">The bound input.</param>
    /// <param name="context">The call, the task and the models.</param>
    /// <param name="cancellationToken">Set at the call's time limit, when the run is cancelled, and when the host stops.</param>
    /// <returns>The output. Its <c>status</c> (<c>success</c>, <c>failed</c>, <c>partial</c>) is the worker's claim; without one, success. An exception is recorded as a failed call; it does not end the run.</returns>
    Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken);
}
