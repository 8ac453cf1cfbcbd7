namespace Orchestrator.Engine;

/// <summary>A workflow threw, or took too long. The run pauses once what is under way has had its time.</summary>
internal sealed class WorkflowFailedException(RunId run, string reason, Exception? cause)
    : OrchestratorException($"Run {run} is paused. {reason} Put that right and resume the run.", cause)
{
    public string Reason => reason;
}
