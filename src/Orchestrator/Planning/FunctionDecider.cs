namespace Orchestrator;

internal sealed class FunctionDecider(Func<TaskState, Decision> decide) : IDecider
{
    public ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken) => ValueTask.FromResult(decide(state));
}
