namespace Orchestrator;

internal sealed class FunctionWorker<TInput, TOutput>(Func<TInput, WorkerContext, CancellationToken, Task<TOutput>> work) : IWorker<TInput, TOutput>
{
    public Task<TOutput> RunAsync(TInput input, WorkerContext context, CancellationToken cancellationToken) => work(input, context, cancellationToken);
}
