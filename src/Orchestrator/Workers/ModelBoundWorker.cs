using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

internal sealed class ModelBoundWorker<TInput, TOutput>(ModelWorker<TInput, TOutput> worker, WorkerContract<TInput, TOutput> contract, IInputBinder<TInput>? binder)
    : RecordBoundWorker<TInput>(contract.InputType, contract.OutputType, binder)
    where TInput : class
    where TOutput : class
{
    public override string Model => worker.Model;

    public override string Prompt => worker.Prompt.Id;

    public override string PromptHash => worker.Prompt.Hash;

    public override async ValueTask<Func<WorkerContext, CancellationToken, Task<WorkerReply>>> BindAsync(
        JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken)
    {
        var bound = await BindInputAsync(payload, files, task, cancellationToken).ConfigureAwait(false);
        return (context, token) => worker.RunAsync(bound, context, token);
    }
}
