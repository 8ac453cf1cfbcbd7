using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

internal sealed class TypedBoundWorker<TInput, TOutput>(
    IWorker<TInput, TOutput> worker,
    JsonTypeInfo<TInput> input,
    JsonTypeInfo<TOutput> output,
    IInputBinder<TInput>? binder) : RecordBoundWorker<TInput>(input, output, binder)
    where TInput : class
    where TOutput : class
{
    public override async ValueTask<Func<WorkerContext, CancellationToken, Task<WorkerReply>>> BindAsync(
        JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken)
    {
        var bound = await BindInputAsync(payload, files, task, cancellationToken).ConfigureAwait(false);
        return (context, token) => RunAsync(bound, context, token);
    }

    private async Task<WorkerReply> RunAsync(TInput bound, WorkerContext context, CancellationToken cancellationToken)
    {
        if (await worker.RunAsync(bound, context, cancellationToken).ConfigureAwait(false) is not { } result)
        {
            return BoundReply.None("The worker returned null instead of its output.");
        }

        try
        {
            var json = JsonSerializer.SerializeToElement(result, output);

            // What was written must read back, or it is lost at the first crash.
            var reading = ContractReader.Read(json, output, checkRules: false);
            var reply = new WorkerReply(json);
            return BoundReply.CheckClaim(reading.Violations.Count == 0
                ? reply
                : reply with { Validity = ReplyValidity.Failed, Violations = [.. reading.Violations.Select(violation => violation.ToString())] });
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            return BoundReply.None($"The worker's output cannot be written as JSON: {e.Message}");
        }
    }
}
