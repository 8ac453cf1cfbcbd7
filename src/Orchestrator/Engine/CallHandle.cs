namespace Orchestrator.Engine;

/// <summary>A call, or a question to the decider, that is under way in this process.</summary>
internal sealed class CallHandle(CallId id, DateTimeOffset deadline) : IDisposable
{
    private CancellationTokenSource? _cancellation;
    private bool _isDone;

    public CallId Id => id;

    public DateTimeOffset Deadline { get; set; } = deadline;

    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Whether whoever carries it out has come to an end.</summary>
    public bool IsDone { get => Volatile.Read(ref _isDone); set => Volatile.Write(ref _isDone, value); }

    /// <summary>Whether the end of this call is no longer up to whoever carries it out.</summary>
    public bool IsGivenUp { get; private set; }

    public CancellationToken Token => (_cancellation ??= new CancellationTokenSource()).Token;

    /// <summary>Asks whoever carries it out to stop. Callbacks run on the pool: a worker's must not be able to hold up the loop.</summary>
    public void GiveUp()
    {
        IsGivenUp = true;
        _ = (_cancellation ??= new CancellationTokenSource()).CancelAsync();
    }

    public void Dispose() => _cancellation?.Dispose();
}
