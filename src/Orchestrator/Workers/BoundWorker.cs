using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>A worker of any kind in the one shape that the engine calls. Types are closed here, once, at registration.</summary>
/// <remarks>
/// A call has two halves: binding reads the files, so that the reads stand in the call's intent, and running does the work. Exceptions of the worker's own code
/// pass through; what cannot be bound is an <see cref="InvalidInputException"/>.
/// </remarks>
internal abstract class BoundWorker
{
    /// <summary>The registered model that it uses; empty where it uses none or chooses for itself.</summary>
    public virtual string Model => "";

    /// <summary>The prompt it uses; empty for none.</summary>
    public virtual string Prompt => "";

    /// <summary>Hash of that prompt's text.</summary>
    public virtual string PromptHash => "";

    /// <summary>JSON schema of the payload; of kind <see cref="JsonValueKind.Undefined"/> where the worker takes any.</summary>
    public virtual JsonElement InputSchema => default;

    /// <summary>Reads the input. The delegate it returns runs the call, once.</summary>
    /// <exception cref="InvalidInputException">The payload cannot be bound.</exception>
    public abstract ValueTask<Func<WorkerContext, CancellationToken, Task<WorkerReply>>> BindAsync(
        JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken);

    /// <summary>Binds and runs in one go.</summary>
    public async Task<WorkerReply> RunAsync(JsonElement payload, IFileReader files, WorkerContext context, CancellationToken cancellationToken)
    {
        var run = await BindAsync(payload, files, context.Task, cancellationToken).ConfigureAwait(false);
        return await run(context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The changes in an output that this worker gave, now or before a crash.</summary>
    public abstract OutputPatch PatchIn(JsonElement output);

    /// <summary>A worker that takes and gives JSON. The payload is its input as it stands; a string <c>patch</c> in its output is a patch.</summary>
    public static BoundWorker Of(IWorker worker) => new JsonBoundWorker(worker);

    /// <summary>A worker that takes and gives the records of a contract.</summary>
    public static BoundWorker Of<TInput, TOutput>(IWorker<TInput, TOutput> worker, JsonTypeInfo<TInput> input, JsonTypeInfo<TOutput> output, IInputBinder<TInput>? binder = null)
        where TInput : class
        where TOutput : class => new TypedBoundWorker<TInput, TOutput>(worker, input, output, binder);

    /// <summary>A worker whose records are read by reflection.</summary>
    [RequiresUnreferencedCode("Reads both records by reflection; where code is trimmed, register the worker with its contract.")]
    [RequiresDynamicCode("Reads both records by reflection; where code is compiled ahead of time, register the worker with its contract.")]
    public static BoundWorker Of<TInput, TOutput>(IWorker<TInput, TOutput> worker, IInputBinder<TInput>? binder = null)
        where TInput : class
        where TOutput : class => Of(
            worker,
            (JsonTypeInfo<TInput>)WireJson.Reflective.GetTypeInfo(typeof(TInput)),
            (JsonTypeInfo<TOutput>)WireJson.Reflective.GetTypeInfo(typeof(TOutput)),
            binder);

    /// <summary>A worker that is a model with a prompt.</summary>
    public static BoundWorker OfModel<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, ModelWorkerOptions options, IInputBinder<TInput>? binder = null)
        where TInput : class
        where TOutput : class => new ModelBoundWorker<TInput, TOutput>(new ModelWorker<TInput, TOutput>(contract, options), contract, binder);
}
