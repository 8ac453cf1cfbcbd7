namespace Orchestrator.Engine;

/// <summary>Ends a run: because it was decided, because somebody asked, or because a limit was reached. Always with the best it has.</summary>
internal sealed class RunEnding(DriveContext drive)
{
    /// <summary>Whoever has given so many unusable answers in a row, each with the reason of the last before him, will not find a usable one.</summary>
    private const int MostRejections = 10;

    /// <summary>Whether the run must end now. Called at every turn.</summary>
    public static bool IsDue(TaskState state, DateTimeOffset now, bool isBusy) =>
        state.LastDecision is Decision.Finish || state.CancelRequested || (state.Limit is not null && !isBusy) || Exceeded(state, now, isBusy) is not null;

    /// <summary>Whether the decider may be asked no more. A decision to finish that waits for evidence is carried through: it takes no further step.</summary>
    public static bool HasUsedItsSteps(TaskState state) =>
        state.Deferred is null && (state.Rejections >= MostRejections || (state.Limits.Steps is { } steps && state.Steps >= steps));

    /// <summary>When the run's time is over, if nothing else happens.</summary>
    public static DateTimeOffset Deadline(TaskState state) =>
        state.Limits.RunTime is { } limit && limit - state.ActiveTime < TimeSpan.FromDays(365) ? state.At + (limit - state.ActiveTime) : DateTimeOffset.MaxValue;

    public async ValueTask EndAsync()
    {
        var session = drive.Session;
        var exceeded = Exceeded(session.State, session.Time.GetUtcNow(), isBusy: false);
        var finish = session.State.LastDecision as Decision.Finish;
        var diff = await DiffAsync().ConfigureAwait(false);
        await session.AppendAsync(state =>
        {
            var events = new List<RunEvent>(state.OpenCalls.Select(call => new RunEvent.CallEnded(
                call.Id,
                CallResult.OfFailure(CallResult.Failure.Codes.Abandoned, "The run ended without it.", call.Reply?.Output ?? default))));
            if (state.CancelRequested)
            {
                return [.. events, new RunEvent.Finished(RunStatus.Cancelled, state.Facts.CancelReason is { Length: > 0 } reason ? $"Cancelled: {reason}" : "Cancelled.", [], diff)];
            }

            if (finish is not null)
            {
                return [.. events, new RunEvent.Finished(finish.Status, finish.Summary, finish.Artifacts, diff)];
            }

            if (state.Limit is null && exceeded is { } reached)
            {
                events.Add(reached);
                return [.. events, new RunEvent.Finished(RunStatus.Partial, reached.Detail, [], diff)];
            }

            return [.. events, new RunEvent.Finished(RunStatus.Partial, state.Summary, [], diff)];
        }).ConfigureAwait(false);
        if (session.State.Limit is { } limit)
        {
            Log.LimitReached(drive.Logger, limit, session.State.Summary);
        }

        Log.Ended(drive.Logger, session.State.Status, session.State.Steps);
    }

    private static RunEvent.LimitReached? Exceeded(TaskState state, DateTimeOffset now, bool isBusy)
    {
        // Calls under way are paid for; their results belong to the best that the run has.
        if (!isBusy && HasUsedItsSteps(state) && Asking.IsDue(state, isBusy))
        {
            return new RunEvent.LimitReached(Budget.Limit.Steps, state.Rejections >= MostRejections
                ? $"{state.Rejections} decisions in a row could not be carried out; the last one: {state.LastRejection}"
                : $"All {state.Limits.Steps} steps are used, rejected decisions included. Raise MaxSteps or the task's budget to let it go on longer.");
        }

        var active = state.ActiveTime + (now > state.At ? now - state.At : TimeSpan.Zero);
        return state.Limits.RunTime is { } time && active >= time
            ? new RunEvent.LimitReached(Budget.Limit.RunTime, $"The run was driven for {time}, which is its limit.")
            : null;
    }

    private async ValueTask<Payload> DiffAsync()
    {
        if (drive.Workspace is not { } workspace || drive.Session.State.Head is not { } head || head.Tree == workspace.Base.Tree)
        {
            return Payload.None;
        }

        var diff = await workspace.DiffAsync(workspace.Base, head, CancellationToken.None).ConfigureAwait(false);
        return await drive.Session.Payloads.KeepAsync(Payload.Of(diff), CancellationToken.None).ConfigureAwait(false);
    }
}
