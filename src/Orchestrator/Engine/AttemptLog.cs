using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>Records the attempts of one call, or of the decider, in the run's journal. This is where money is reserved before it is spent.</summary>
internal sealed class AttemptLog(DriveContext drive, CallHandle handle, int maxAttempts, RecordingFileReader? files) : IAttemptLog
{
    private volatile bool _closed;

    public bool IsStopping => drive.IsStopping;

    public CancellationToken Ended { get; } = handle.Token;

    public bool TryTakeReceipt(string requestHash, [NotNullWhen(true)] out WorkerCall.Receipt? receipt)
    {
        receipt = drive.Session.TakeReceipt(handle.Id, requestHash);
        return receipt is not null;
    }

    public async ValueTask<int> StartAsync(WorkerCall.Intent intent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = 0;
        await drive.Session.AppendAsync(state =>
        {
            if (_closed || handle.IsGivenUp)
            {
                throw new OperationCanceledException($"{handle.Id} has ended; it can make no further attempt.");
            }

            number = NextAttempt(state);
            CheckBudget(state, intent);
            var started = new RunEvent.AttemptStarted(handle.Id, number, intent);
            return files?.TakeReads() is { Count: > 0 } reads ? [new RunEvent.FilesRead(handle.Id, reads), started] : [started];
        }).ConfigureAwait(false);
        return number;
    }

    public async ValueTask EndAsync(int attempt, WorkerCall.Receipt receipt)
    {
        var reply = await drive.Session.Payloads.KeepAsync(receipt.Reply, CancellationToken.None).ConfigureAwait(false);
        await drive.Session.AppendAsync(new RunEvent.AttemptEnded(handle.Id, attempt, receipt with { Reply = reply })).ConfigureAwait(false);
    }

    public ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken) => drive.Session.Payloads.ReadAsync(payload, cancellationToken);

    /// <summary>Refuses further attempts, so that a worker which was given up cannot go on spending.</summary>
    public void Close() => _closed = true;

    private int NextAttempt(TaskState state)
    {
        if (handle.Id == CallId.Decider)
        {
            return state.DeciderAttempts + 1;
        }

        var used = state.Find(handle.Id)?.Attempts ?? 0;
        return used < maxAttempts
            ? used + 1
            : throw new BudgetExceededException(null, $"{handle.Id} has used its {maxAttempts} attempts; raise MaxAttempts, or let the worker ask for less.");
    }

    private static void CheckBudget(TaskState state, WorkerCall.Intent intent)
    {
        var spending = state.Spending;
        if (state.Limits.Tokens is { } tokens && spending.Used.Total + spending.HeldTokens.Total + intent.HeldTokens.Total > tokens)
        {
            throw new BudgetExceededException(
                Budget.Limit.Tokens,
                $"The attempt needs up to {intent.HeldTokens.Total} tokens; {spending.Used.Total} of {tokens} are used and {spending.HeldTokens.Total} are held.");
        }

        if (state.Limits.Cost is { } cost && spending.Cost + spending.HeldCost + (intent.HeldCost ?? 0) > cost)
        {
            throw new BudgetExceededException(
                Budget.Limit.Cost,
                FormattableString.Invariant($"The attempt costs up to {intent.HeldCost ?? 0:0.####}; {spending.Cost:0.####} of {cost:0.####} are spent and {spending.HeldCost:0.####} are held."));
        }
    }
}
