using System.Collections.Concurrent;

namespace Orchestrator.Engine;

/// <summary>The one mutable object of a run that is being driven: its state, and the only way to append to it.</summary>
/// <remarks>
/// Appends are made one at a time. Once one fails, the journal's content is unknown here, so every further append fails as well and the drive ends; whoever
/// resumes the run reads what is really there.
/// </remarks>
internal sealed class RunSession(IRunJournal journal, IRunJournal.Claim claim, TaskState state, PayloadStore payloads, TimeProvider time, Action changed) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<(CallId Call, string Request), Queue<WorkerCall.Receipt>> _receipts = new();
    private TaskState _state = state;
    private OrchestratorException? _broken;

    public RunId Run => claim.Run;

    public IRunJournal.Claim Claim => claim;

    public TaskState State => Volatile.Read(ref _state);

    public PayloadStore Payloads => payloads;

    public TimeProvider Time => time;

    /// <summary>Why nothing can be appended any more; <see langword="null"/> while everything is well.</summary>
    public OrchestratorException? Broken => Volatile.Read(ref _broken);

    public ValueTask AppendAsync(params ReadOnlySpan<RunEvent> events) => AppendAsync(events.ToArray(), static (_, given) => given);

    /// <summary>Appends what the newest state calls for. Durable when it returns.</summary>
    /// <param name="next">Makes the events, none to append nothing. Called under the session's lock, so it must be quick and must not append.</param>
    /// <remarks>Takes no cancellation token: a batch that was cancelled half-way would leave its fate unknown.</remarks>
    public ValueTask AppendAsync(Func<TaskState, IReadOnlyList<RunEvent>> next) => AppendAsync(next, static (state, make) => make(state));

    /// <inheritdoc cref="AppendAsync(Func{TaskState, IReadOnlyList{RunEvent}})"/>
    /// <param name="argument">Handed to <paramref name="next"/>, so that it need not capture anything.</param>
    /// <param name="next">Makes the events, none to append nothing.</param>
    public async ValueTask AppendAsync<TArgument>(TArgument argument, Func<TaskState, TArgument, IReadOnlyList<RunEvent>> next)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_broken is { } broken)
            {
                throw broken;
            }

            var before = _state;
            var events = next(before, argument);
            if (events.Count == 0)
            {
                return;
            }

            if (before.HasEnded && events.Any(late => late is not RunEvent.AttemptEnded))
            {
                throw new OperationCanceledException($"Run {Run} has ended.");
            }

            var at = time.GetUtcNow();
            var recorded = new RunEvent.Recorded[events.Count];
            for (var i = 0; i < recorded.Length; i++)
            {
                recorded[i] = new RunEvent.Recorded(before.Sequence + 1 + i, at, events[i]);
            }

            var after = StateFold.Apply(before, recorded);
            try
            {
                await journal.AppendAsync(Run, claim.Epoch, before.Sequence, recorded, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw Break(e);
            }

            Volatile.Write(ref _state, after);
        }
        finally
        {
            _gate.Release();
        }

        changed();
    }

    /// <summary>Marks the session as lost to another owner.</summary>
    public void Lose() => BreakWith(new RunOwnedException(Run, ""));

    /// <summary>Ends the session because its journal failed: what is in it is unknown here from now on.</summary>
    /// <returns>What everybody who still wants something of it is told.</returns>
    public OrchestratorException Break(Exception cause) => BreakWith(cause switch
    {
        JournalConflictException => new RunOwnedException(Run, ""),
        RunOwnedException owned => owned,
        _ => new OrchestratorException($"Run {Run} stopped because its journal failed: {cause.Message} Put that right and resume the run; everything that was recorded is safe.", cause),
    });

    /// <summary>Keeps the receipts that former owners recorded, for calls and decisions that have to be taken up again.</summary>
    public void Remember(IEnumerable<RunEvent.Recorded> events)
    {
        var intents = new Dictionary<(CallId, int), string>();
        foreach (var recorded in events)
        {
            switch (recorded.Event)
            {
                case RunEvent.AttemptStarted started:
                    intents[(started.Call, started.Attempt)] = started.Intent.RequestHash;
                    break;
                case RunEvent.AttemptEnded ended when intents.TryGetValue((ended.Call, ended.Attempt), out var request):
                    _receipts.GetOrAdd((ended.Call, request), _ => new()).Enqueue(ended.Receipt);
                    break;
                case RunEvent.DecisionMade or RunEvent.DecisionRejected or RunEvent.DecisionDeferred:
                    // The decider's next question is another one, even if it should read the same.
                    Forget(CallId.Decider);
                    break;
                case RunEvent.Paused:
                    // Somebody has looked at why the decider's model failed, and resumed: it may be asked anew.
                    ForgetFailures(CallId.Decider);
                    break;
                case RunEvent.CallEnded ended:
                    Forget(ended.Call);
                    break;
            }
        }
    }

    /// <summary>Whether an earlier owner recorded a receipt of a call that has not been handed out.</summary>
    public bool HasReceipt(CallId call) => _receipts.Any(each => each.Key.Call == call && each.Value.Count > 0);

    public WorkerCall.Receipt? TakeReceipt(CallId call, string requestHash)
    {
        if (!_receipts.TryGetValue((call, requestHash), out var queue))
        {
            return null;
        }

        lock (queue)
        {
            return queue.TryDequeue(out var receipt) ? receipt : null;
        }
    }

    public void Forget(CallId call)
    {
        if (!_receipts.IsEmpty)
        {
            foreach (var key in _receipts.Keys)
            {
                if (key.Call == call)
                {
                    _receipts.TryRemove(key, out _);
                }
            }
        }
    }

    private void ForgetFailures(CallId call)
    {
        foreach (var (key, queue) in _receipts)
        {
            if (key.Call == call)
            {
                _receipts[key] = new(queue.Where(receipt => receipt.Succeeded));
            }
        }
    }

    public void Dispose() => _gate.Dispose();

    private OrchestratorException BreakWith(OrchestratorException cause)
    {
        var first = Interlocked.CompareExchange(ref _broken, cause, null) ?? cause;
        changed();
        return first;
    }
}
