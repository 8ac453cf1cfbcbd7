namespace Orchestrator;

/// <summary>Why a call ended without what was asked for.</summary>
/// <param name="Code">A stable word from <see cref="CallErrors"/> to decide by.</param>
/// <param name="Message">What happened and what to do about it, for people and models.</param>
public sealed record CallError(string Code, string Message);
