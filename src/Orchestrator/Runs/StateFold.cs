using System.Diagnostics;

namespace Orchestrator;

/// <summary>What each event means. Pure: no clock, no I/O, nothing but the state and the events.</summary>
/// <remarks>A batch is folded into one copy of the state, which is changed only before anybody else has seen it.</remarks>
internal static class StateFold
{
    private const int ObjectionsKept = 32;

    public static TaskState Apply(TaskState before, ReadOnlySpan<RunEvent.Recorded> batch)
    {
        var state = before with { };
        foreach (ref readonly var recorded in batch)
        {
            if (recorded.Sequence != state.Sequence + 1)
            {
                throw new JournalCorruptException($"Run {state.Run}: event {recorded.Sequence} does not follow event {state.Sequence}.");
            }

            var isIdle = state.Status == RunStatus.Paused || state.Epoch == 0 || recorded.Event is RunEvent.Claimed;
            if (!isIdle && recorded.At > state.At)
            {
                state.ActiveTime += recorded.At - state.At;
            }

            state.Sequence = recorded.Sequence;
            state.At = recorded.At;
            Change(state, recorded, before.Sequence);
        }

        return state;
    }

    private static void Change(TaskState state, in RunEvent.Recorded recorded, long seen)
    {
        switch (recorded.Event)
        {
            case RunEvent.CallStarted started:
                Start(state, started, seen);
                break;
            case RunEvent.CallEnded ended:
                End(state, ended);
                break;
            case RunEvent.CallCreated created:
                Create(state, created);
                break;
            case RunEvent.DecisionMade made:
                Decide(state, made);
                break;
            case RunEvent.AttemptStarted started:
                Attempt(state, started);
                break;
            case RunEvent.AttemptEnded ended:
                state.Spending = state.Spending.Settle(ended.Call, ended.Attempt, ended.Receipt);
                break;
            case RunEvent.CallReplied replied:
                Set(state, Call(state, replied.Call) with { Reply = replied.Reply });
                break;
            case RunEvent.CommitStarted started:
                Set(state, Call(state, started.Call) with { IsCommitting = true });
                break;
            case RunEvent.CommitEnded ended:
                state.Head = ended.Head;
                break;
            case RunEvent.QuestionAsked asked:
                Set(state, Call(state, asked.Call) with { Status = CallState.Phase.AwaitingAnswer, Question = asked.Question });
                break;
            case RunEvent.VerdictGiven { Verdict: not Verdict.Allow } objection:
                state.Objections = [.. state.Objections.Skip(state.Objections.Count - ObjectionsKept + 1), objection];
                break;
            case RunEvent.VerdictGiven or RunEvent.FilesRead or RunEvent.Noted:
                break;
            default:
                ChangeRarely(state, recorded);
                break;
        }
    }

    private static void ChangeRarely(TaskState state, in RunEvent.Recorded recorded)
    {
        var facts = state.Facts;
        switch (recorded.Event)
        {
            case RunEvent.Accepted accepted:
                state.Facts = facts with { Task = accepted.Task, Registration = accepted.Registration, Limits = accepted.Registration.Limits, AcceptedAt = recorded.At };
                break;
            case RunEvent.Claimed claimed:
                state.Facts = facts with { Epoch = claimed.Epoch };
                state.Status = state.HasEnded ? state.Status : RunStatus.Running;
                state.Spending = state.Spending.Forfeit();
                break;
            case RunEvent.WorkspaceOpened opened:
                state.Facts = facts with { Base = opened.Base, Branch = opened.Branch, Notes = opened.Notes };
                state.Head = opened.Base;
                break;
            case RunEvent.DecisionDeferred deferred:
                CountStep(state);
                state.Deferred = new DeferredDecision(deferred.BasedOn, deferred.Decision, deferred.Until);
                state.LastDecisionSequence = state.Sequence;
                break;
            case RunEvent.DecisionRejected rejected:
                CountStep(state);
                state.Deferred = null;
                state.LastDecisionSequence = state.Sequence;
                state.LastBasedOn = rejected.BasedOn;
                state.LastRejection = rejected.Reason;
                state.Rejections++;
                break;
            case RunEvent.QuestionAnswered answered:
                state.Facts = facts with { LastMail = Math.Max(facts.LastMail, answered.Mail) };
                break;
            case RunEvent.CancelRequested cancel:
                state.Facts = facts with { CancelRequested = true, CancelReason = cancel.Reason, LastMail = Math.Max(facts.LastMail, cancel.Mail) };
                break;
            case RunEvent.CommandRefused refused:
                state.Facts = facts with { LastMail = Math.Max(facts.LastMail, refused.Mail) };
                break;
            case RunEvent.BudgetRaised raised:
                state.Facts = facts with { Limits = raised.Budget.Over(facts.Limits), Limit = null, LastMail = Math.Max(facts.LastMail, raised.Mail) };
                break;
            case RunEvent.Paused paused:
                state.Status = RunStatus.Paused;
                state.Facts = facts with { Summary = paused.Reason };
                break;
            case RunEvent.LimitReached reached:
                state.Facts = facts with { Limit = reached.Limit, Summary = reached.Detail };
                break;
            case RunEvent.Finished finished:
                state.Status = finished.Status;
                state.Deferred = null;
                state.Facts = facts with { Summary = finished.Summary, Artifacts = finished.Artifacts, Diff = finished.Diff };
                break;
            case RunEvent.Unknown unknown:
                state.Facts = facts with { UnknownEvent = facts.UnknownEvent.Length > 0 ? facts.UnknownEvent : $"{unknown.Kind}/{unknown.Version}" };
                break;
            default:
                throw new UnreachableException($"The fold does not know {recorded.Event.GetType().Name}.");
        }
    }

    private static CallState Call(TaskState state, CallId id) =>
        state.Ledger.Find(id) ?? throw new JournalCorruptException($"Run {state.Run}: event {state.Sequence} is about {id}, which does not exist.");

    private static void Set(TaskState state, CallState call) => state.Ledger = state.Ledger.Set(call);

    private static void CountStep(TaskState state)
    {
        state.Told = state.Spending;

        // A decision that was deferred has been counted already.
        if (state.Deferred is null)
        {
            state.Steps++;
        }
    }

    private static void Start(TaskState state, RunEvent.CallStarted started, long seen)
    {
        var call = Call(state, started.Call);
        if (call.CreatedSequence > seen)
        {
            call.StartUnseen(state.Sequence, started.Base);
        }
        else
        {
            Set(state, call with { Status = CallState.Phase.Running, StartedSequence = state.Sequence, Base = started.Base });
        }
    }

    private static void End(TaskState state, RunEvent.CallEnded ended)
    {
        Set(state, Call(state, ended.Call) with { Status = CallState.Phase.Done, EndedSequence = state.Sequence, Result = ended.Result, Reply = null, IsCommitting = false });
        if (ended.Result.Error?.Code == CallResult.Failure.Codes.Abandoned)
        {
            // Whoever decided that knows.
            return;
        }

        state.LastCallEndedAt = state.Sequence;
        state.Told = state.Spending;
        if (!ended.Result.Succeeded)
        {
            state.LastCallFailedAt = state.Sequence;
        }
    }

    private static void Create(TaskState state, RunEvent.CallCreated created)
    {
        var request = created.Request;
        state.Ledger = state.Ledger.Add(new CallState(created.Call, request, CallState.Phase.Waiting) { CreatedSequence = state.Sequence });
        if (request.RequiredFor is { } waiting && state.Ledger.Find(waiting) is { } held)
        {
            // A call whose worker has replied keeps its reply and goes on from there once the requirement has ended.
            Set(state, held with { Status = CallState.Phase.Waiting, Requirements = [.. held.Requirements, created.Call] });
        }

        if (request.Step is { } step)
        {
            state.PlanProgress = state.PlanProgress with { Calls = state.PlanProgress.Calls.SetItem(step, created.Call) };
        }
    }

    private static void Decide(TaskState state, RunEvent.DecisionMade made)
    {
        CountStep(state);
        state.Deferred = null;
        state.LastDecision = made.Decision;
        state.LastDecisionSequence = state.Sequence;
        state.LastBasedOn = made.BasedOn;
        state.LastRejection = "";
        state.Rejections = 0;
        if (made.Decision is Decision.Replan replan)
        {
            var ledger = state.Ledger;
            state.PlanProgress = state.PlanProgress.ReplacedBy(replan.Plan, id => ledger.Find(id) is { Failed: true });
        }
    }

    private static void Attempt(TaskState state, RunEvent.AttemptStarted started)
    {
        state.Spending = state.Spending.Reserve(started.Call, started.Attempt, started.Intent);
        if (started.Call == CallId.Decider)
        {
            state.Facts = state.Facts with { DeciderAttempts = started.Attempt };
        }
        else
        {
            Set(state, Call(state, started.Call) with { Attempts = started.Attempt });
        }
    }
}
