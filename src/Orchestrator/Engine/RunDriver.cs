using System.Runtime.ExceptionServices;

namespace Orchestrator.Engine;

/// <summary>
/// The loop of one run: take what came from outside, start every call whose inputs exist, ask the decider when it wants to be asked, and wait for whatever comes
/// first. All it knows is in the session's state, so it can be dropped at any point and taken up by another.
/// </summary>
internal sealed class RunDriver : IDisposable
{
    private static readonly TimeSpan MailPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WritingTime = TimeSpan.FromSeconds(5);

    private readonly DriveContext _drive;
    private readonly WakeSignal _wake;
    private readonly Func<CallHandle, Task> _run;
    private readonly Func<CallHandle, Task> _resume;
    private readonly Func<CallHandle, Task> _ask;
    private readonly Action _wakeUp;
    private readonly Mailbox _mailbox;
    private readonly RunEnding _ending;
    private readonly List<CallHandle> _handles = [];

    /// <summary>A question to the decider is only given up with the whole drive, so all of them share one.</summary>
    private readonly CancellationTokenSource _deciding = new();
    private int _calls;
    private long _planDropped;
    private volatile bool _hasMail = true;
    private DateTimeOffset _nextMail;
    private DateTimeOffset? _drainUntil;
    private Exception? _leaving;

    public RunDriver(DriveContext drive, WakeSignal wake, IRunJournal journal)
    {
        _drive = drive;
        _wake = wake;
        var runner = new CallRunner(drive);
        _run = handle => runner.RunAsync(handle.Id, handle);
        _resume = handle => runner.ResumeAsync(handle.Id, handle);
        _ask = new Asking(drive).AskAsync;
        _wakeUp = wake.Set;
        _mailbox = new Mailbox(drive, journal);
        _ending = new RunEnding(drive);
    }

    private TaskState State => _drive.Session.State;

    private DateTimeOffset Now => _drive.Session.Time.GetUtcNow();

    /// <summary>Reads the mailbox at the next turn, whatever the time.</summary>
    public void Mail()
    {
        _hasMail = true;
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
            await GiveUpAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _handles.ForEach(handle => handle.Dispose());

        // Whoever is being told to stop hears nothing any more once the source is disposed of.
        if (!_deciding.IsCancellationRequested)
        {
            _deciding.Dispose();
        }
    }

    /// <summary>One turn of the loop.</summary>
    /// <returns>Whether the run is over here: ended, or paused.</returns>
    private async ValueTask<bool> TurnAsync(CancellationToken stop)
    {
        ThrowIfBroken();
        Collect();
        var now = Now;
        if (_hasMail || now >= _nextMail)
        {
            // What comes while the mailbox is being read sets the mark again.
            _hasMail = false;
            _nextMail = now + MailPoll;
            await _mailbox.TakeAsync().ConfigureAwait(false);
            now = Now;
        }

        if (RunEnding.IsDue(State, now, _handles.Count > 0))
        {
            await GiveUpAsync().ConfigureAwait(false);
            await _ending.EndAsync().ConfigureAwait(false);
            return true;
        }

        await EndOverdueAsync(now).ConfigureAwait(false);
        if (stop.IsCancellationRequested && _leaving is null)
        {
            Log.Stopping(_drive.Logger, _drive.Options.DrainTime);
            Leave(new OperationCanceledException($"Driving run {_drive.Session.Run} was stopped; resume it to go on.", stop));
        }

        if (_leaving is { } reason)
        {
            await LeaveAsync(reason).ConfigureAwait(false);
            return false;
        }

        // At a limit nothing is begun any more; what is under way is paid for, and its results belong to the best that the run has.
        if (State.Limit is null)
        {
            await AdvanceAsync().ConfigureAwait(false);
        }

        return _handles.Count == 0 && await PauseAsync().ConfigureAwait(false);
    }

    /// <summary>Begins whatever can begin.</summary>
    private async ValueTask AdvanceAsync()
    {
        if (Scheduler.CanAdvance(State))
        {
            await _drive.Session.AppendAsync(_drive.NewCalls, Scheduler.Advance).ConfigureAwait(false);
        }

        StopDropped();
        StartReadyCalls();
        if (!IsUnderWay(CallId.Decider) && !RunEnding.HasUsedItsSteps(State) && Asking.IsDue(State, _handles.Count > 0))
        {
            Ask();
        }
    }

    /// <summary>Stops whoever carries out a call that a new plan has dropped.</summary>
    private void StopDropped()
    {
        if (State.LastDecision is not Decision.Replan || State.LastDecisionSequence == _planDropped)
        {
            return;
        }

        _planDropped = State.LastDecisionSequence;
        for (var i = _handles.Count - 1; i >= 0; i--)
        {
            var handle = _handles[i];
            if (handle is { IsDone: false } && State.Find(handle.Id) is { Status: CallState.Phase.Done })
            {
                handle.GiveUp();
                Remove(handle);
            }
        }
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
        foreach (var call in state.Ledger.OpenSpan)
        {
            // A running call that is not under way here was started by the batch that created it, or by a former owner who left no outcome.
            var isLeftOver = call.Status == CallState.Phase.Running && call.StartedSequence <= _drive.Session.Claim.Sequence;
            if ((call.Status == CallState.Phase.Running || Scheduler.IsReady(call, state)) && !IsUnderWay(call.Id) && _calls < _drive.Options.MaxParallelCalls)
            {
                Start(call.Id, isLeftOver);
            }
        }
    }

    private bool IsUnderWay(CallId id)
    {
        foreach (var handle in _handles)
        {
            if (handle.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Starts a call on the pool: what a worker does before its first await must not hold up the loop.</summary>
    private void Start(CallId id, bool isLeftOver)
    {
        var handle = new CallHandle(id, After(_drive.Registry.TimeLimit(State.Find(id)!.Call)), isLeftOver ? _resume : _run, _wakeUp);
        _calls++;
        _handles.Add(handle);
        handle.Queue();
    }

    /// <summary>Asks the decider. Deciders are asynchronous where they have to wait, so this runs in the loop until the first await.</summary>
    private void Ask()
    {
        var handle = new CallHandle(CallId.Decider, After(_drive.Options.MaxCallTime), _ask, _wakeUp, _deciding);
        _handles.Add(handle);
        handle.Execute();
    }

    private void Collect()
    {
        for (var i = _handles.Count - 1; i >= 0; i--)
        {
            var handle = _handles[i];
            if (handle.IsDone)
            {
                Remove(handle);
                handle.Dispose();
                switch (handle.Failure)
                {
                    case null:
                        break;
                    case RunOwnedException owned:
                        ExceptionDispatchInfo.Throw(owned);
                        break;
                    case { } failure:
                        Leave(failure);
                        break;
                }
            }
        }
    }

    private void Remove(CallHandle handle)
    {
        _handles.Remove(handle);
        _calls -= handle.Id == CallId.Decider ? 0 : 1;
    }

    /// <summary>Ends what ran into its time limit. Whoever carries it out may ignore that; its end is no longer up to it.</summary>
    private async ValueTask EndOverdueAsync(DateTimeOffset now)
    {
        await _mailbox.AnswerOverdueAsync(now).ConfigureAwait(false);
        for (var i = _handles.Count - 1; i >= 0; i--)
        {
            var handle = _handles[i];
            if (handle.IsDone || handle.Deadline > now)
            {
                continue;
            }

            handle.GiveUp();
            Remove(handle);
            if (handle.Id == CallId.Decider)
            {
                Leave(new WorkflowFailedException(
                    _drive.Session.Run,
                    $"The workflow '{State.Registration.Workflow}' took longer than {_drive.Options.MaxCallTime} for one decision; raise MaxCallTime or make it faster.",
                    null));
                continue;
            }

            Log.TimedOut(_drive.Logger, handle.Id);
            await _drive.EndCallAsync(handle.Id, CallResult.OfFailure(CallResult.Failure.Codes.TimedOut, $"It took longer than {_drive.Registry.TimeLimit(State.Find(handle.Id)!.Call)}.")).ConfigureAwait(false);
        }
    }

    private DateTimeOffset After(TimeSpan limit) => limit < TimeSpan.FromDays(365) ? Now + limit : DateTimeOffset.MaxValue;

    /// <summary>Begins nothing more here; what is under way has the drain time to finish. The first reason is the one that is told.</summary>
    private void Leave(Exception reason)
    {
        _leaving ??= reason;
        _drainUntil ??= After(_drive.Options.DrainTime);
    }

    private async ValueTask LeaveAsync(Exception reason)
    {
        if (_handles.Count > 0 && Now < _drainUntil)
        {
            return;
        }

        _drive.IsStopping = true;
        await GiveUpAsync().ConfigureAwait(false);
        if (reason is WorkflowFailedException failed)
        {
            await _drive.Session.AppendAsync(new RunEvent.Paused(failed.Reason)).ConfigureAwait(false);
            Log.Paused(_drive.Logger, failed.Reason);
        }

        ExceptionDispatchInfo.Throw(reason);
    }

    /// <summary>Pauses where only a person can bring the run on.</summary>
    private async ValueTask<bool> PauseAsync()
    {
        var seen = State;
        var asking = seen.OpenCalls.Where(call => call.Status == CallState.Phase.AwaitingAnswer).ToList();
        if (asking.Count == 0)
        {
            // Something was appended since the handles were collected; the wake-up for it is on its way.
            return false;
        }

        // An answer may have come since the mailbox was last read: whoever gave it must not find the run paused because of it.
        await _mailbox.TakeAsync().ConfigureAwait(false);
        if (State != seen)
        {
            return false;
        }

        var reason = $"Waiting for an answer to {string.Join("; ", asking.Select(call => $"{call.Id}: {call.Question?.Text}"))}";
        await _drive.Session.AppendAsync(new RunEvent.Paused(reason)).ConfigureAwait(false);
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

    /// <summary>Stops what is under way. Attempts and commits have a moment to write down how they ended; a worker that has none open has nothing to write.</summary>
    private async ValueTask GiveUpAsync()
    {
        if (_handles.Count == 0)
        {
            return;
        }

        _handles.ForEach(handle => handle.GiveUp());
        var writing = _handles.Where(IsWriting).Select(handle => handle.Completion).ToList();
        if (writing.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(writing), Task.Delay(WritingTime, _drive.Session.Time)).ConfigureAwait(false);
        }

        _handles.Clear();
        _calls = 0;
    }

    private bool IsWriting(CallHandle handle) =>
        State.Find(handle.Id) is { Reply: not null } || State.Spending.Holds.Any(hold => hold.Call == handle.Id);

    private void ThrowIfBroken()
    {
        if (_drive.Session.Broken is { } broken)
        {
            throw broken;
        }
    }
}
