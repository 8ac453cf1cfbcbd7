namespace Orchestrator.Engine;

/// <summary>A call, or a question to the decider, that is under way in this process.</summary>
/// <param name="id">What is under way.</param>
/// <param name="deadline">When it has taken too long.</param>
/// <param name="work">Carries it out.</param>
/// <param name="done">Called once it has come to an end, however that was.</param>
/// <param name="given">Cancels it, where several share one; otherwise it has one of its own.</param>
internal sealed class CallHandle(CallId id, DateTimeOffset deadline, Func<CallHandle, Task> work, Action done, CancellationTokenSource? given = null) : IThreadPoolWorkItem, IDisposable
{
    // As ticks it takes half the space, and there are two handles to a step.
    private long _deadline = deadline.UtcTicks;
    private CancellationTokenSource? _own;
    private TaskCompletionSource? _completion;
    private ExecutionContext? _context;
    private volatile bool _isDone;
    private volatile bool _isGivenUp;

    public CallId Id => id;

    public DateTimeOffset Deadline { get => new(_deadline, TimeSpan.Zero); set => _deadline = value.UtcTicks; }

    /// <summary>Whether whoever carries it out has come to an end.</summary>
    public bool IsDone => _isDone;

    /// <summary>What nobody who carries out a call may throw: the journal failed, or there is a mistake in the engine.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the end of this call is no longer up to whoever carries it out.</summary>
    public bool IsGivenUp => _isGivenUp;

    public CancellationToken Token => Source.Token;

    /// <summary>Completes when whoever carries it out has come to an end, however that was.</summary>
    public Task Completion
    {
        get
        {
            var completion = LazyInitializer.EnsureInitialized(ref _completion, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_isDone)
            {
                completion.TrySetResult();
            }

            return completion.Task;
        }
    }

    private CancellationTokenSource Source => given ?? LazyInitializer.EnsureInitialized(ref _own, static () => new CancellationTokenSource());

    /// <summary>Starts the work on the thread that calls, until its first await.</summary>
    public void Execute() => _ = RunAsync();

    /// <summary>Starts the work on the pool. What belongs to the run, its log scope and its activity, goes along.</summary>
    public void Queue()
    {
        _context = ExecutionContext.Capture();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Asks whoever carries it out to stop. Callbacks run on the pool: a worker's must not be able to hold up the loop.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _ = Source.CancelAsync();
    }

    public void Dispose() => _own?.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        if (_context is null)
        {
            Execute();
            return;
        }

        ExecutionContext.Run(_context, static handle => ((CallHandle)handle!).Execute(), this);
    }

    private async Task RunAsync()
    {
        try
        {
            await work(this).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _isDone = true;
        Volatile.Read(ref _completion)?.TrySetResult();
        done();
    }
}
