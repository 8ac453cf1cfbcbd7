namespace Orchestrator.Engine;

/// <summary>
/// The loop of one run: take what came from outside, start every call whose inputs exist, ask the decider when it wants to be asked, and wait for whatever comes
/// first. All it knows is in the session's state, so it can be dropped at any point and taken up by another.
/// </summary>
internal sealed class RunDriver : IDisposable
{
    private static readonly TimeSpan MailPoll = TimeSpan.FromSeconds(1);

    private readonly DriveContext _drive;
    private readonly WakeSignal _wake;
    private readonly CallRunner _runner;
    private readonly Asking _asking;
    private readonly Mailbox _mailbox;
    private readonly RunEnding _ending;
    private readonly List<CallHandle> _handles = [];
    private DateTimeOffset _nextMail;
    private DateTimeOffset? _drainUntil;

    public RunDriver(DriveContext drive, WakeSignal wake, IRunJournal journal)
    {
        _drive = drive;
        _wake = wake;
        _runner = new CallRunner(drive);
        _asking = new Asking(drive);
        _mailbox = new Mailbox(drive, journal);
        _ending = new RunEnding(drive);
    }

    private TaskState State => _drive.Session.State;

    private DateTimeOffset Now => _drive.Session.Time.GetUtcNow();

    /// <summary>Reads the mailbox at the next turn, whatever the time.</summary>
    public void Mail()
    {
        _nextMail = DateTimeOffset.MinValue;
        _wake.Set();
    }

    /// <summary>Drives until the run has ended or waits for a person.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop; the run can be resumed.</exception>
    /// <exception cref="RunOwnedException">Another host has taken the run over.</exception>
    public async Task DriveAsync(CancellationToken stop)
    {
        await using var onStop = stop.Register(_wake.Set).ConfigureAwait(false);
        try
        {
            await FinishCommitsAsync().ConfigureAwait(false);
            while (!await TurnAsync(stop).ConfigureAwait(false))
            {
                await _wake.WaitAsync(NextDeadline()).ConfigureAwait(false);
            }
        }
        finally
        {
            _drive.IsStopping = true;
            await GiveUpAsync(_handles).ConfigureAwait(false);
        }
    }

    public void Dispose() => _handles.ForEach(handle => handle.Dispose());

    /// <summary>One turn of the loop.</summary>
    /// <returns>Whether the run is over here: ended, or paused.</returns>
    private async ValueTask<bool> TurnAsync(CancellationToken stop)
    {
        ThrowIfBroken();
        await CollectAsync().ConfigureAwait(false);
        if (Now >= _nextMail)
        {
            await _mailbox.TakeAsync().ConfigureAwait(false);
            _nextMail = Now + MailPoll;
        }

        if (State.CancelRequested || RunEnding.IsDue(State, Now))
        {
            await GiveUpAsync(_handles).ConfigureAwait(false);
            await _ending.EndAsync().ConfigureAwait(false);
            return true;
        }

        if (stop.IsCancellationRequested)
        {
            return Drained(stop);
        }

        await EndOverdueAsync().ConfigureAwait(false);
        if (Scheduler.Advance(State) is { Count: > 0 } events)
        {
            await _drive.Session.AppendAsync(state => Scheduler.Advance(state)).ConfigureAwait(false);
        }

        StartReadyCalls();
        if (!IsUnderWay(CallId.Decider) && Asking.IsDue(State, _handles.Count > 0))
        {
            Start(CallId.Decider, _asking.AskAsync);
        }

        return _handles.Count == 0 && await PauseAsync().ConfigureAwait(false);
    }

    /// <summary>Settles the one commit that a former owner may have left without a receipt, before another can be made on top.</summary>
    private async ValueTask FinishCommitsAsync()
    {
        if (State.OpenCalls.FirstOrDefault(call => call.IsCommitting) is { } committing)
        {
            await new PatchLanding(_drive).LandAsync(committing.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void StartReadyCalls()
    {
        var state = State;
        foreach (var call in state.OpenCalls.Where(call => call.Status == CallStatus.Running && !IsUnderWay(call.Id)).ToList())
        {
            // Started by a former owner, and its outcome is not recorded.
            Start(call.Id, handle => _runner.ResumeAsync(call.Id, handle));
        }

        foreach (var call in Scheduler.Ready(state).Where(call => !IsUnderWay(call.Id)).ToList())
        {
            if (_handles.Count(handle => handle.Id != CallId.Decider) >= _drive.Options.MaxParallelCalls)
            {
                return;
            }

            Start(call.Id, handle => _runner.RunAsync(call.Id, handle));
        }
    }

    private bool IsUnderWay(CallId id) => _handles.Exists(handle => handle.Id == id);

    /// <summary>Starts work on the pool: what a worker or decider does before its first await must not hold up the loop.</summary>
    private void Start(CallId id, Func<CallHandle, Task> work)
    {
        var limit = State.Find(id) is { } call ? _drive.Registry.TimeLimit(call.Call) : _drive.Options.MaxCallTime;
        var handle = new CallHandle(id, Now + limit);
        _ = handle.Token;
        handle.Task = Task.Run(async () =>
        {
            try
            {
                await work(handle).ConfigureAwait(false);
            }
            finally
            {
                handle.IsDone = true;
                _wake.Set();
            }
        });
        _handles.Add(handle);
    }

    private async ValueTask CollectAsync()
    {
        for (var i = _handles.Count - 1; i >= 0; i--)
        {
            var handle = _handles[i];
            if (!handle.IsDone)
            {
                continue;
            }

            _handles.RemoveAt(i);
            using (handle)
            {
                await handle.Task.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends what ran into its time limit. Whoever carries it out may ignore that; its end is no longer up to it.</summary>
    private async ValueTask EndOverdueAsync()
    {
        var now = Now;
        await _mailbox.AnswerOverdueAsync(now).ConfigureAwait(false);
        foreach (var handle in _handles.Where(handle => handle.Deadline <= now).ToList())
        {
            if (handle.Id == CallId.Decider)
            {
                throw new OrchestratorException($"Run {_drive.Session.Run}: the workflow took longer than {_drive.Options.MaxCallTime} for one decision; raise MaxCallTime or make it faster, then resume the run.");
            }

            Log.TimedOut(_drive.Logger, handle.Id);
            handle.GiveUp();
            _handles.Remove(handle);
            await _drive.EndCallAsync(handle.Id, CallResult.Failure(CallErrors.TimedOut, $"It took longer than {_drive.Registry.TimeLimit(State.Find(handle.Id)!.Call)}.")).ConfigureAwait(false);
        }
    }

    private bool Drained(CancellationToken stop)
    {
        if (_drainUntil is null)
        {
            _drainUntil = Now + _drive.Options.DrainTime;
            Log.Stopping(_drive.Logger, _drive.Options.DrainTime);
        }

        if (_handles.Count == 0 || Now >= _drainUntil)
        {
            _drive.IsStopping = true;
            throw new OperationCanceledException($"Driving run {_drive.Session.Run} was stopped; resume it to go on.", stop);
        }

        return false;
    }

    /// <summary>Pauses where only a person can bring the run on.</summary>
    private async ValueTask<bool> PauseAsync()
    {
        var asking = State.OpenCalls.Where(call => call.Status == CallStatus.AwaitingAnswer).ToList();
        if (asking.Count == 0)
        {
            // Something was appended since the handles were collected; the wake-up for it is on its way.
            return false;
        }

        var reason = $"Waiting for an answer to {string.Join("; ", asking.Select(call => $"{call.Id}: {call.Question?.Text}"))}";
        await _drive.Session.AppendAsync(state => state.LastMail == State.LastMail ? [new RunEvent.Paused(reason)] : []).ConfigureAwait(false);
        Log.Paused(_drive.Logger, reason);
        return true;
    }

    private DateTimeOffset NextDeadline()
    {
        var next = _nextMail;
        foreach (var handle in _handles)
        {
            next = handle.Deadline < next ? handle.Deadline : next;
        }

        if (_drainUntil is { } drain && drain < next)
        {
            next = drain;
        }

        var end = RunEnding.Deadline(State);
        return end < next ? end : next;
    }

    /// <summary>Stops what is under way and waits a moment for it, so that what it was just writing is written.</summary>
    private async ValueTask GiveUpAsync(List<CallHandle> handles)
    {
        handles.ForEach(handle => handle.GiveUp());
        var all = Task.WhenAll(handles.Select(handle => handle.Task));
        await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(5), _drive.Session.Time)).ConfigureAwait(false);
        foreach (var handle in handles.Where(handle => handle.Task.IsFaulted))
        {
            // Looked at, so that it does not surface as unobserved; the run goes on from what is recorded.
            _ = handle.Task.Exception;
        }

        handles.Clear();
    }

    private void ThrowIfBroken()
    {
        switch (_drive.Session.Broken)
        {
            case null:
                return;
            case RunOwnedException owned:
                throw owned;
            case { } cause:
                throw new OrchestratorException($"Run {_drive.Session.Run} stopped because its journal failed: {cause.Message} Put that right and resume the run; everything that was recorded is safe.", cause);
        }
    }
}
