using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Orchestrator.Tests.Models;

/// <summary>Keeps attempts in memory, as the engine keeps them in the journal.</summary>
internal sealed class AttemptBook : IAttemptLog
{
    private readonly Lock _gate = new();
    private readonly List<(string Hash, WorkerCall.Receipt Receipt)> _earlier = [];

    public List<WorkerCall.Intent> Intents { get; } = [];

    public Dictionary<int, WorkerCall.Receipt> Receipts { get; } = [];

    public bool IsStopping { get; set; }

    public Exception? Refuses { get; set; }

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The book that the next owner of the run opens: all receipts can be taken once more.</summary>
    public AttemptBook Reopen()
    {
        var book = new AttemptBook();
        foreach (var (number, receipt) in Receipts.OrderBy(pair => pair.Key))
        {
            book._earlier.Add((Intents[number - 1].RequestHash, receipt));
        }

        return book;
    }

    public bool TryTakeReceipt(string requestHash, [NotNullWhen(true)] out WorkerCall.Receipt? receipt)
    {
        lock (_gate)
        {
            var index = _earlier.FindIndex(each => each.Hash == requestHash);
            receipt = index < 0 ? null : _earlier[index].Receipt;
            if (receipt is not null)
            {
                _earlier.RemoveAt(index);
            }

            return receipt is not null;
        }
    }

    public ValueTask<int> StartAsync(WorkerCall.Intent intent, CancellationToken cancellationToken)
    {
        if (Refuses is { } refusal)
        {
            throw refusal;
        }

        lock (_gate)
        {
            Intents.Add(intent);
            Started.TrySetResult();
            return ValueTask.FromResult(Intents.Count);
        }
    }

    public ValueTask EndAsync(int attempt, WorkerCall.Receipt receipt)
    {
        lock (_gate)
        {
            Receipts.Add(attempt, receipt);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken) => ValueTask.FromResult(payload.Inline);
}
