using System.Collections.Immutable;

namespace Orchestrator;

/// <summary>The plan and which call carries out which of its steps.</summary>
internal sealed record PlanProgress(Plan Plan, ImmutableDictionary<string, CallId> Calls)
{
    public static PlanProgress None { get; } = new(Plan.Empty, ImmutableDictionary<string, CallId>.Empty);

    /// <summary>The progress under a new plan: a step that is unchanged in id and content keeps its call, unless that call failed.</summary>
    public PlanProgress ReplacedBy(Plan plan, Func<CallId, bool> failed)
    {
        var before = Plan.Steps.ToDictionary(step => step.Id, PlanFingerprint.Of);
        var kept = plan.Steps
            .Where(step => Calls.TryGetValue(step.Id, out var call) && !failed(call)
                && before.TryGetValue(step.Id, out var fingerprint) && fingerprint == PlanFingerprint.Of(step))
            .ToImmutableDictionary(step => step.Id, step => Calls[step.Id]);
        return new PlanProgress(plan, kept);
    }
}
