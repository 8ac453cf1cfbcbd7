using System.Diagnostics;

namespace Orchestrator;

/// <summary>What each event means. Pure: no clock, no I/O, nothing but the state and the event.</summary>
internal static class StateFold
{
    private const int ObjectionsKept = 32;

    public static TaskState Apply(TaskState state, in RecordedEvent recorded)
    {
        if (recorded.Sequence != state.Sequence + 1)
        {
            throw new JournalCorruptException($"Run {state.Run}: event {recorded.Sequence} does not follow event {state.Sequence}.");
        }

        var idle = state.Status == RunStatus.Paused || state.Epoch == 0 || recorded.Event is RunEvent.Claimed;
        return Change(state, recorded) with
        {
            Sequence = recorded.Sequence,
            At = recorded.At,
            ActiveTime = idle || recorded.At <= state.At ? state.ActiveTime : state.ActiveTime + (recorded.At - state.At),
        };
    }

    private static TaskState Change(TaskState state, in RecordedEvent recorded) => recorded.Event switch
    {
        RunEvent.CallStarted started => SetCall(state, started.Call, call => call with
        {
            Status = CallStatus.Running,
            StartedAt = state.Sequence + 1,
            Base = started.Base,
        }),
        RunEvent.CallEnded ended => End(state, ended),
        RunEvent.CallCreated created => Create(state, created),
        RunEvent.DecisionMade made => Decide(state, made),
        RunEvent.Accepted accepted => state with
        {
            Facts = new RunFacts(accepted.Task, accepted.Registration, accepted.Registration.Limits) { AcceptedAt = recorded.At },
        },
        RunEvent.Claimed claimed => state with
        {
            Epoch = claimed.Epoch,
            Status = state.HasEnded ? state.Status : RunStatus.Running,
            Spending = state.Spending.Forfeit(),
        },
        RunEvent.WorkspaceOpened opened => state with
        {
            Facts = state.Facts with { Base = opened.Base, Branch = opened.Branch, Notes = opened.Notes },
            Head = opened.Base,
        },
        RunEvent.DecisionDeferred deferred => state with
        {
            Deferred = new DeferredDecision(deferred.BasedOn, deferred.Decision, deferred.Until),
            Steps = state.Deferred is null ? state.Steps + 1 : state.Steps,
            LastDecisionAt = state.Sequence + 1,
        },
        RunEvent.DecisionRejected rejected => state with
        {
            Steps = state.Deferred is null ? state.Steps + 1 : state.Steps,
            Deferred = null,
            LastDecisionAt = state.Sequence + 1,
            LastBasedOn = rejected.BasedOn,
            LastRejection = rejected.Reason,
        },
        RunEvent.VerdictGiven { Verdict: not Verdict.Allow } objection => state with
        {
            Objections = [.. state.Objections.Skip(state.Objections.Count - ObjectionsKept + 1), objection],
        },
        RunEvent.VerdictGiven or RunEvent.FilesRead or RunEvent.Noted => state,
        RunEvent.CommitStarted started => SetCall(state, started.Call, call => call with { IsCommitting = true }),
        RunEvent.AttemptStarted started => Attempt(state, started),
        RunEvent.AttemptEnded ended => state with { Spending = state.Spending.Settle(ended.Call, ended.Attempt, ended.Receipt) },
        RunEvent.CallReplied replied => SetCall(state, replied.Call, call => call with { Reply = replied.Reply }),
        RunEvent.CommitEnded ended => state with { Head = ended.Head },
        RunEvent.QuestionAsked asked => SetCall(state, asked.Call, call => call with { Status = CallStatus.AwaitingAnswer, Question = asked.Question }),
        RunEvent.QuestionAnswered answered => state with { LastMail = Math.Max(state.LastMail, answered.Mail) },
        RunEvent.CancelRequested cancel => state with { CancelRequested = true, LastMail = cancel.Mail },
        RunEvent.CommandRefused refused => state with { LastMail = refused.Mail },
        RunEvent.BudgetRaised raised => state with
        {
            Facts = state.Facts with { Limits = raised.Budget.Over(state.Facts.Limits) },
            Limit = null,
            LastMail = raised.Mail,
        },
        RunEvent.Paused paused => state with { Status = RunStatus.Paused, Summary = paused.Reason },
        RunEvent.LimitReached reached => state with { Limit = reached.Limit, Summary = reached.Detail },
        RunEvent.Finished finished => state with
        {
            Status = finished.Status,
            Summary = finished.Summary,
            Deferred = null,
            Facts = state.Facts with { Artifacts = finished.Artifacts, Diff = finished.Diff },
        },
        RunEvent.Unknown unknown => state with { UnknownEvent = $"{unknown.Kind}/{unknown.Version}" },
        _ => throw new UnreachableException($"The fold does not know {recorded.Event.GetType().Name}."),
    };

    private static TaskState SetCall(TaskState state, CallId id, Func<CallState, CallState> change)
    {
        var call = state.Ledger.Find(id) ?? throw new JournalCorruptException($"Run {state.Run}: event {state.Sequence + 1} is about {id}, which does not exist.");
        return state with { Ledger = state.Ledger.Set(change(call)) };
    }

    private static TaskState End(TaskState state, RunEvent.CallEnded ended) => SetCall(state, ended.Call, call => call with
    {
        Status = CallStatus.Done,
        EndedAt = state.Sequence + 1,
        Result = ended.Result,
        Reply = null,
        IsCommitting = false,
    }) with
    {
        LastCallEndedAt = state.Sequence + 1,
        LastCallFailedAt = ended.Result.Succeeded ? state.LastCallFailedAt : state.Sequence + 1,
    };

    private static TaskState Create(TaskState state, RunEvent.CallCreated created)
    {
        var request = created.Request;
        var ledger = state.Ledger.Add(new CallState(created.Call, request, CallStatus.Waiting) { CreatedAt = state.Sequence + 1 });
        if (request.RequiredFor is { } waiting && ledger.Find(waiting) is { } held)
        {
            // A call whose worker has replied keeps its reply and goes on from there once the requirement has ended.
            ledger = ledger.Set(held with { Status = CallStatus.Waiting, Requirements = [.. held.Requirements, created.Call] });
        }

        var progress = request.Step is { } step
            ? state.PlanProgress with { Calls = state.PlanProgress.Calls.SetItem(step, created.Call) }
            : state.PlanProgress;
        return state with { Ledger = ledger, PlanProgress = progress };
    }

    private static TaskState Decide(TaskState state, RunEvent.DecisionMade made) => state with
    {
        Steps = state.Deferred is null ? state.Steps + 1 : state.Steps,
        Deferred = null,
        LastDecision = made.Decision,
        LastDecisionAt = state.Sequence + 1,
        LastBasedOn = made.BasedOn,
        LastRejection = "",
        PlanProgress = made.Decision is Decision.Replan replan
            ? state.PlanProgress.ReplacedBy(replan.Plan, id => state.Ledger.Find(id) is { Failed: true })
            : state.PlanProgress,
    };

    private static TaskState Attempt(TaskState state, RunEvent.AttemptStarted started)
    {
        var reserved = state with { Spending = state.Spending.Reserve(started.Call, started.Attempt, started.Intent) };
        return started.Call == CallId.Decider
            ? reserved with { DeciderAttempts = started.Attempt }
            : SetCall(reserved, started.Call, call => call with { Attempts = started.Attempt });
    }
}
