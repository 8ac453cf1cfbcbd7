using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>Puts one question to the decider and makes an event of the answer, or judges a deferred decision again.</summary>
internal sealed class Asking(DriveContext drive)
{
    private RecordingFileReader? _files;

    /// <summary>Whether the decider wants to be asked now.</summary>
    public static bool IsDue(TaskState state, bool isBusy)
    {
        if (state.HasEnded || state.LastDecision is Decision.Finish)
        {
            return false;
        }

        if (state.Deferred is { } deferred)
        {
            foreach (var id in deferred.Until)
            {
                if (state.Find(id) is not { Status: CallState.Phase.Done })
                {
                    return false;
                }
            }

            return true;
        }

        if (state.LastDecision is null || state.LastRejection.Length > 0)
        {
            return true;
        }

        var wake = state.LastDecision switch
        {
            Decision.Continue wait => wait.Wake,
            Decision.Replan => Decision.WakeOn.Failure,
            _ => Decision.WakeOn.Completion,
        };
        return (wake == Decision.WakeOn.Completion && state.LastCallEndedAt > state.LastBasedOn)
            || (wake != Decision.WakeOn.Idle && state.LastCallFailedAt > state.LastBasedOn)
            || Scheduler.IsIdle(state)
            || (!isBusy && IsStuck(state));
    }

    public async Task AskAsync(CallHandle handle)
    {
        var session = drive.Session;
        var state = session.State;
        if (Scheduler.CanAdvance(state))
        {
            // A call has ended since the loop looked. What the plan makes of that comes first: nobody is to take a run for idle whose next step is about to start.
            return;
        }

        try
        {
            var (basedOn, decision) = state.Deferred is { } deferred
                ? (deferred.BasedOn, deferred.Decision)
                : (state.Sequence, await DecideAsync(state, handle).ConfigureAwait(false));
            if (decision is not null)
            {
                await TakeAsync(basedOn, decision, handle.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (handle.IsGivenUp || session.State.HasEnded)
        {
            // Nothing is recorded; the next owner asks again.
        }
        finally
        {
            session.Forget(CallId.Decider);
        }
    }

    /// <summary>Whether everything that is open waits for something that will not come without a decision.</summary>
    private static bool IsStuck(TaskState state)
    {
        foreach (var call in state.Ledger.OpenSpan)
        {
            if (call.Status is CallState.Phase.AwaitingAnswer or CallState.Phase.Running || Scheduler.IsReady(call, state))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<Decision?> DecideAsync(TaskState state, CallHandle handle)
    {
        // Always of the same revision, so one serves all questions.
        _files ??= drive.ReaderOf(state.Base);
        var log = new AttemptLog(drive, handle, int.MaxValue, _files);
        var context = new DeciderContext(drive.ModelsFor(log, CallId.Decider), drive.ReadPayload) { Capabilities = drive.Registry.Cards, Files = _files };
        try
        {
            var decision = await drive.Registry.FindWorkflow(state.Registration.Workflow)!.Decider.DecideAsync(state, context, handle.Token).ConfigureAwait(false);
            return decision is null
                ? throw new WorkflowFailedException(state.Run, $"The workflow '{state.Registration.Workflow}' decided nothing (null); it must return Continue, Finish or another decision.", null)
                : await KeepAsync(decision, handle.Token).ConfigureAwait(false);
        }
        catch (BudgetExceededException e) when (e.Limit is { } limit)
        {
            await drive.ReachLimitAsync(limit, e.Message).ConfigureAwait(false);
            return null;
        }
        catch (InvalidDecisionException e)
        {
            var answer = await drive.Session.Payloads.KeepAsync(Payload.Of(e.Answer), handle.Token).ConfigureAwait(false);
            await RejectAsync(state.Sequence, e.Message, answer, []).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not WorkflowFailedException && !handle.IsGivenUp && !drive.Session.State.HasEnded && drive.Session.Broken is null)
        {
            throw new WorkflowFailedException(state.Run, drive.Redactor.Redact($"The workflow '{state.Registration.Workflow}' threw {e.GetType().Name}: {e.Message}"), e);
        }
        finally
        {
            log.Close();
        }
    }

    /// <summary>Checks a decision against the newest state, puts it to the policies, and records what becomes of it.</summary>
    private async ValueTask TakeAsync(long basedOn, Decision decision, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = drive.Session.State;
            if (DecisionCheck.FindProblem(decision, state, state.Deferred is null ? basedOn : state.Sequence, drive.Registry) is { } problem)
            {
                await RejectAsync(basedOn, problem, AnswerOf(decision), []).ConfigureAwait(false);
                return;
            }

            var judgement = await JudgeAsync(decision, state, cancellationToken).ConfigureAwait(false);
            switch (judgement.Verdict)
            {
                case Verdict.Deny deny:
                    await RejectAsync(basedOn, $"{judgement.Policy}: {deny.Reason}", AnswerOf(decision), judgement.Events).ConfigureAwait(false);
                    return;
                case Verdict.Require require:
                    await DeferAsync(basedOn, decision, require, judgement.Events).ConfigureAwait(false);
                    return;
            }

            await drive.Session.AppendAsync(new Taking(drive, basedOn, decision, judgement, state.Head), static (now, taking) => taking.Events(now)).ConfigureAwait(false);
            if (drive.Session.State.LastDecisionSequence > state.LastDecisionSequence)
            {
                return;
            }
        }
    }

    private ValueTask<Judgement> JudgeAsync(Decision decision, TaskState state, CancellationToken cancellationToken) => decision switch
    {
        Decision.Replan replan when drive.Judge.HasPolicies =>
            drive.Judge.JudgeAsync(new IPolicy.Subject.OfPlan(replan.Plan, PlanFingerprint.Of(replan.Plan)), null, state, cancellationToken),
        Decision.Finish { Status: RunStatus.Succeeded } finish when drive.Judge.HasPolicies =>
            drive.Judge.JudgeAsync(new IPolicy.Subject.OfFinish(finish, state.Head?.Tree ?? finish.Fingerprint()), null, state, cancellationToken),
        _ => ValueTask.FromResult(Judgement.Passed),
    };

    private async ValueTask DeferAsync(long basedOn, Decision decision, Verdict.Require require, IReadOnlyList<RunEvent> verdicts)
    {
        if (DecisionCheck.FindProblem(new Decision.CallWorker([require.Call]), drive.Session.State, basedOn, drive.Registry) is { } problem)
        {
            await RejectAsync(basedOn, $"A policy requires a call that cannot be made: {problem}", AnswerOf(decision), verdicts).ConfigureAwait(false);
            return;
        }

        var input = await drive.Session.Payloads.KeepAsync(require.Call.Input, CancellationToken.None).ConfigureAwait(false);
        await drive.Session.AppendAsync(state =>
        {
            var id = new CallId(state.Calls.Count + 1);
            return [.. verdicts, new RunEvent.CallCreated(id, require.Call with { Input = input }), new RunEvent.DecisionDeferred(basedOn, decision, [id])];
        }).ConfigureAwait(false);
    }

    private async ValueTask RejectAsync(long basedOn, string reason, Payload answer, IReadOnlyList<RunEvent> verdicts)
    {
        var clean = drive.Redactor.Redact(reason);
        Log.DecisionRejected(drive.Logger, clean);
        await drive.Session.AppendAsync(_ => [.. verdicts, new RunEvent.DecisionRejected(basedOn, clean, answer)]).ConfigureAwait(false);
    }

    private static Payload AnswerOf(Decision decision) => Payload.Of(JsonSerializer.SerializeToElement(decision, CoreJsonContext.Default.Decision));

    /// <summary>Puts the payloads in a decision where the journal wants them.</summary>
    private async ValueTask<Decision> KeepAsync(Decision decision, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case Decision.CallWorker { Calls: [var only] } call:
                var kept = await drive.Session.Payloads.KeepAsync(only.Input, cancellationToken).ConfigureAwait(false);
                return kept == only.Input && only.IsPlain ? call : new Decision.CallWorker([only.AsRequestOf(kept)]);
            case Decision.CallWorker call:
                var calls = new List<WorkerCall>();
                foreach (var each in call.Calls)
                {
                    calls.Add(each.AsRequestOf(await drive.Session.Payloads.KeepAsync(each.Input, cancellationToken).ConfigureAwait(false)));
                }

                return new Decision.CallWorker(calls);
            case Decision.Replan replan:
                var steps = new List<PlanStep>();
                foreach (var step in replan.Plan.Steps)
                {
                    steps.Add(step with { Input = await drive.Session.Payloads.KeepAsync(step.Input, cancellationToken).ConfigureAwait(false) });
                }

                return new Decision.Replan(new Plan(steps));
            case Decision.Finish finish:
                return finish with { Summary = drive.Redactor.Redact(finish.Summary) };
            default:
                return decision;
        }
    }

    /// <summary>The last look at a decision, under the session's lock: policies took their time, and what they said holds only for the state they saw.</summary>
    private readonly struct Taking(DriveContext drive, long basedOn, Decision decision, Judgement judgement, IWorkspace.Revision? head)
    {
        public List<RunEvent> Events(TaskState now)
        {
            var hasMoved = drive.Judge.HasPolicies && decision is Decision.Finish && now.Head != head;
            if (hasMoved || DecisionCheck.FindProblem(decision, now, now.Deferred is null ? basedOn : now.Sequence, drive.Registry) is not null)
            {
                return [];
            }

            var events = new List<RunEvent>(judgement.Events.Count + 3);
            events.AddRange(judgement.Events);
            if (decision is Decision.Replan replan)
            {
                events.AddRange(Scheduler.Drop(now, replan.Plan));
            }

            events.Add(new RunEvent.DecisionMade(basedOn, decision));
            if (decision is Decision.CallWorker call)
            {
                drive.NewCalls.AddTo(events, now, call.Calls);
            }

            return events;
        }
    }
}
