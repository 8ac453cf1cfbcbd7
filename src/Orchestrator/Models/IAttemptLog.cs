using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Where the attempts of one call, or of one decision, are recorded.</summary>
internal interface IAttemptLog
{
    /// <summary>
    /// Whether the host is stopping: an attempt that is cut short now keeps its intent and gets no receipt, because the next owner may still need to know that
    /// nobody saw its end. In every other case an attempt that was started gets a receipt.
    /// </summary>
    bool IsStopping => false;

    /// <summary>Set when the call or decision is over, whatever token its code passes on: a request that is still under way then is broken off.</summary>
    CancellationToken Ended => default;

    /// <summary>
    /// Takes the receipt that an earlier owner recorded for the very same request, so that it is not paid for again. Each receipt is handed out once: a call
    /// that sends one request twice gets two receipts, in order.
    /// </summary>
    bool TryTakeReceipt(string requestHash, [NotNullWhen(true)] out WorkerCall.Receipt? receipt);

    /// <summary>Reserves what the attempt may use and records its intent. When this returns, both are durable.</summary>
    /// <returns>The attempt's number within its call.</returns>
    /// <exception cref="BudgetExceededException">The hold does not fit into the budget, or the call has used up its attempts. Nothing was recorded.</exception>
    ValueTask<int> StartAsync(WorkerCall.Intent intent, CancellationToken cancellationToken);

    /// <summary>Records the attempt's receipt and settles its hold. A reply that was paid for is recorded even if the run is being stopped.</summary>
    ValueTask EndAsync(int attempt, WorkerCall.Receipt receipt);

    /// <summary>The content of a payload, wherever the journal keeps it.</summary>
    ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken);
}
