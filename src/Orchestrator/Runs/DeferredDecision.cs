namespace Orchestrator;

/// <summary>A decision that waits for calls which policies required.</summary>
internal sealed record DeferredDecision(long BasedOn, Decision Decision, IReadOnlyList<CallId> Until);
