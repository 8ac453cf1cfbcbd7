namespace Orchestrator;

/// <summary>Says that a host may drive a run, and until when unless it renews.</summary>
/// <param name="Run">The run.</param>
/// <param name="Owner">The host that has it.</param>
/// <param name="Epoch">One more than the former owner's.</param>
/// <param name="Sequence">Sequence of the <see cref="RunEvent.Claimed"/> event.</param>
public sealed record RunClaim(RunId Run, string Owner, long Epoch, long Sequence);
