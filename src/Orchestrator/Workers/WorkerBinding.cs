using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Puts workers of every kind into the one shape that the engine calls. Types are closed here, once, at registration.</summary>
/// <remarks>Exceptions of the worker's own code pass through; what cannot be bound is an <see cref="InputBindingException"/>.</remarks>
internal static class WorkerBinding
{
    /// <summary>A worker that takes and gives JSON: the payload is its input as it stands.</summary>
    public static Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> Json(IWorker worker) =>
        async (payload, _, context, token) => worker.RunAsync(payload, context, token) is { } running
            ? Check(await running.ConfigureAwait(false))
            : BoundReply.None("The worker returned null instead of a task.");

    /// <summary>A worker that takes and gives the records of a contract.</summary>
    public static Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> Typed<TInput, TOutput>(
        WorkerContract<TInput, TOutput> contract, IWorker<TInput, TOutput> worker, IInputBinder<TInput>? binder)
        where TInput : class
        where TOutput : class =>
        async (payload, files, context, token) =>
        {
            var input = await BindAsync(contract, binder, payload, files, context.Task, token).ConfigureAwait(false);
            return Write(await worker.RunAsync(input, context, token).ConfigureAwait(false), contract);
        };

    /// <summary>A worker that is a model with a prompt.</summary>
    public static Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> Model<TInput, TOutput>(
        WorkerContract<TInput, TOutput> contract, ModelWorker<TInput, TOutput> worker, IInputBinder<TInput>? binder)
        where TInput : class
        where TOutput : class =>
        async (payload, files, context, token) =>
        {
            var input = await BindAsync(contract, binder, payload, files, context.Task, token).ConfigureAwait(false);
            return await worker.RunAsync(input, files, context, token).ConfigureAwait(false);
        };

    private static BoundReply Check(JsonElement output) => output.ValueKind == JsonValueKind.Undefined
        ? BoundReply.None("The worker returned no output.")
        : BoundReply.CheckClaim(new BoundReply(output));

    private static async ValueTask<TInput> BindAsync<TInput, TOutput>(
        WorkerContract<TInput, TOutput> contract, IInputBinder<TInput>? binder, JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken)
        where TInput : class
        where TOutput : class
    {
        try
        {
            return binder is null
                ? await InputBinder.BindAsync(payload, contract.InputType, files, task, cancellationToken).ConfigureAwait(false)
                : await binder.BindAsync(payload, files, cancellationToken).ConfigureAwait(false)
                    ?? throw new InputBindingException($"{binder.GetType().Name} bound the payload to null.");
        }
        catch (OrchestratorException e) when (e.GetType() == typeof(OrchestratorException))
        {
            // A reader that has no repository, or a file that is no text; the binder's own refusals are of this kind too.
            throw new InputBindingException(e.Message, e);
        }
    }

    private static BoundReply Write<TInput, TOutput>(TOutput? result, WorkerContract<TInput, TOutput> contract)
        where TInput : class
        where TOutput : class
    {
        if (result is null)
        {
            return BoundReply.None("The worker returned null instead of its output.");
        }

        try
        {
            var json = JsonSerializer.SerializeToElement(result, contract.OutputType);

            // What was written must read back, or it is lost at the first crash.
            var violations = ContractReader.Read(json, contract.OutputType, checkRules: false).Violations;
            var reply = new BoundReply(json);
            return BoundReply.CheckClaim(violations.Count == 0
                ? reply
                : reply with { Validity = CallResult.ReplyValidity.Failed, Violations = [.. violations.Select(violation => violation.ToString())] });
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            return BoundReply.None($"The worker's output cannot be written as JSON: {e.Message}");
        }
    }
}
