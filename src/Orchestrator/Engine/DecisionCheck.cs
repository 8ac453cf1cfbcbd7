namespace Orchestrator.Engine;

/// <summary>Holds a decision against the newest state, which may have moved on while the decider was thinking.</summary>
internal static class DecisionCheck
{
    /// <summary>Why the decision cannot be carried out, or <see langword="null"/> if it can.</summary>
    public static string? FindProblem(Decision decision, TaskState state, long basedOn, Registry registry) => decision switch
    {
        Decision.CallWorker call => FindProblem(call, state, registry),
        Decision.Continue when Scheduler.IsIdle(state) && state.LastCallEndedAt <= basedOn =>
            "There is nothing to continue: no call is waiting, ready or running. Call a worker, make a plan, or finish.",
        Decision.Continue => null,
        Decision.Replan replan => PlanCheck.FindProblems(replan.Plan, registry.HasCapability, registry.CapabilityNames) is { Count: > 0 } problems
            ? string.Join(" ", problems)
            : null,
        Decision.Finish finish => FindProblem(finish, state, basedOn),
        _ => throw new System.Diagnostics.UnreachableException(decision.GetType().Name),
    };

    private static string? FindProblem(Decision.CallWorker decision, TaskState state, Registry registry)
    {
        if (decision.Calls.Count == 0)
        {
            return "'calls' is empty; name at least one call.";
        }

        for (var i = 0; i < decision.Calls.Count; i++)
        {
            var call = decision.Calls[i];
            if (registry.FindWorker(call.Capability, call.Version) is null && !Registry.IsEngineCapability(call.Capability))
            {
                return $"Nobody provides '{call.Capability}'{(call.Version == 0 ? "" : $" in version {call.Version}")}; there are {string.Join(", ", registry.CapabilityNames)}.";
            }

            foreach (var id in call.DependsOn)
            {
                switch (state.Find(id))
                {
                    case null:
                        return $"'{call.Capability}' depends on {id}, which does not exist.";
                    case { Failed: true }:
                        return $"'{call.Capability}' depends on {id}, which did not succeed.";
                }
            }
        }

        return null;
    }

    private static string? FindProblem(Decision.Finish finish, TaskState state, long basedOn)
    {
        if (finish.Status is not (RunStatus.Succeeded or RunStatus.Partial or RunStatus.Failed))
        {
            return "A run finishes as succeeded, partial or failed.";
        }

        if (state.LastCallEndedAt > basedOn)
        {
            return $"Since event {basedOn}, on which this was based, a call has ended (event {state.LastCallEndedAt}); look at it first.";
        }

        var open = state.OpenCalls.Select(call => call.Id).Except(finish.Abandons).ToList();
        return open.Count == 0 ? null : $"Calls are still under way: {string.Join(", ", open)}. Wait for them, or name them in 'abandons'.";
    }
}
