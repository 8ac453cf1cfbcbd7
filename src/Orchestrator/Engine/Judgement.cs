namespace Orchestrator.Engine;

/// <summary>What policies said of one subject, with the verdicts to record.</summary>
internal sealed record Judgement(Verdict Verdict, string Policy, IReadOnlyList<RunEvent> Events)
{
    public static Judgement Passed { get; } = new(Verdict.Allowed, "", []);
}
