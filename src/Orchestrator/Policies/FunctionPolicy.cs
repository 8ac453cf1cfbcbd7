namespace Orchestrator;

internal sealed class FunctionPolicy(string id, Func<IPolicy.Subject, TaskState, PolicyContext, CancellationToken, ValueTask<Verdict>> judge) : IPolicy
{
    public string Id => id;

    public ValueTask<Verdict> JudgeAsync(IPolicy.Subject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken) =>
        judge(subject, state, context, cancellationToken);
}
