namespace Orchestrator;

internal sealed class FunctionPolicy(string id, Func<PolicySubject, TaskState, Verdict> judge) : IPolicy
{
    public string Id => id;

    public ValueTask<Verdict> JudgeAsync(PolicySubject subject, TaskState state, CancellationToken cancellationToken) => ValueTask.FromResult(judge(subject, state));
}
