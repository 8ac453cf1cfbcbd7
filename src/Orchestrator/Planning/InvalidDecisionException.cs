namespace Orchestrator;

/// <summary>A decider's answer is no decision. It is recorded with its reason, counts as a step, and the decider is asked again.</summary>
internal sealed class InvalidDecisionException(string message, string answer) : OrchestratorException(message)
{
    /// <summary>What it answered.</summary>
    public string Answer => answer;
}
