namespace Orchestrator.Engine;

/// <summary>Says which calls can start, which plan steps become calls, and what can never start. Pure.</summary>
internal static class Scheduler
{
    /// <summary>Whether <see cref="Advance"/> has anything to say. Costs nothing where it has not, which is at almost every turn.</summary>
    public static bool CanAdvance(TaskState state)
    {
        foreach (var call in state.Ledger.OpenSpan)
        {
            if (FailedDependency(call, state) is not null)
            {
                return true;
            }
        }

        return HasStartableStep(state);
    }

    /// <summary>Events that make calls of the plan steps whose inputs exist, and that end calls which wait for something that failed.</summary>
    public static IReadOnlyList<RunEvent> Advance(TaskState state, NewCalls newCalls)
    {
        var events = new List<RunEvent>();
        foreach (var call in state.OpenCalls)
        {
            if (FailedDependency(call, state) is { } failed)
            {
                events.Add(new RunEvent.CallEnded(call.Id, CallResult.OfFailure(CallResult.Failure.Codes.Blocked, $"{failed}, which this call depends on, did not succeed.")));
            }
        }

        newCalls.AddTo(events, state, [.. state.Plan.Steps.Where(step => IsStartable(step, state)).Select(step => CallOf(step, state))]);
        return events;
    }

    /// <summary>Ends of the calls whose step is not in a new plan, or is another there, and of what only they needed. A patch that is being committed is let through.</summary>
    public static IReadOnlyList<RunEvent> Drop(TaskState state, Plan plan)
    {
        var kept = state.PlanProgress.ReplacedBy(plan, static _ => false).Calls;
        var dropped = new List<RunEvent>();
        var ids = new HashSet<CallId>();
        foreach (var call in state.OpenCalls)
        {
            var isDropped = call.Call.Step is { } step && !(kept.TryGetValue(step, out var id) && id == call.Id);
            if (!call.IsCommitting && (isDropped || (call.Call.RequiredFor is { } waiting && ids.Contains(waiting))))
            {
                ids.Add(call.Id);
                dropped.Add(new RunEvent.CallEnded(call.Id, CallResult.OfFailure(CallResult.Failure.Codes.Abandoned, "The plan was replaced by one without this step.", call.Reply?.Output ?? default)));
            }
        }

        return dropped;
    }

    /// <summary>Whether nothing is under way and nothing can become so without a decision.</summary>
    public static bool IsIdle(TaskState state) => state.Ledger.OpenSpan.IsEmpty && !HasStartableStep(state);

    /// <summary>Whether a call may start now.</summary>
    public static bool IsReady(CallState call, TaskState state)
    {
        if (call.Status != CallState.Phase.Waiting || !HasInputs(call.Call, state))
        {
            return false;
        }

        foreach (var id in call.Requirements)
        {
            if (state.Find(id) is not { Status: CallState.Phase.Done })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether every call that this one depends on has succeeded.</summary>
    public static bool HasInputs(WorkerCall call, TaskState state)
    {
        foreach (var id in call.DependsOn)
        {
            if (state.Find(id) is not { Succeeded: true })
            {
                return false;
            }
        }

        return true;
    }

    private static CallId? FailedDependency(CallState call, TaskState state)
    {
        if (call.Status == CallState.Phase.Waiting)
        {
            foreach (var id in call.Call.DependsOn)
            {
                if (state.Find(id) is { Failed: true })
                {
                    return id;
                }
            }
        }

        return null;
    }

    private static bool HasStartableStep(TaskState state)
    {
        if (state.Plan.Steps.Count == state.PlanProgress.Calls.Count)
        {
            return false;
        }

        foreach (var step in state.Plan.Steps)
        {
            if (IsStartable(step, state))
            {
                return true;
            }
        }

        return false;
    }

    private static WorkerCall CallOf(PlanStep step, TaskState state) => new(PlanCheck.CapabilityOf(step), StepPayload.Of(step))
    {
        Step = step.Id,
        DependsOn = [.. step.DependsOn.Select(needed => state.PlanProgress.Calls[needed])],
    };

    private static bool IsStartable(PlanStep step, TaskState state)
    {
        if (state.PlanProgress.Calls.ContainsKey(step.Id))
        {
            return false;
        }

        foreach (var needed in step.DependsOn)
        {
            if (state.FindStep(needed) is not { Succeeded: true })
            {
                return false;
            }
        }

        return true;
    }
}
