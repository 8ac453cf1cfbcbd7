using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Carries out calls of one capability, with the input and the output as records.</summary>
/// <typeparam name="TInput">
/// The contract's input. Members of type <see cref="SourceFile"/>, or read-only lists of it, are bound by path from the call's base tree.
/// </typeparam>
/// <typeparam name="TOutput">The contract's output. A member of type <see cref="PatchText"/> is applied by the engine, after policies.</typeparam>
/// <remarks>One instance serves concurrent calls of any number of runs. See <see cref="IWorker"/> for what may be repeated after a crash.</remarks>
public interface IWorker<TInput, TOutput>
{
    /// <summary>Carries out one call.</summary>
    /// <param name="input">The bound input.</param>
    /// <param name="context">The call, the task and the models.</param>
    /// <param name="cancellationToken">Set at the call's time limit, when the run is cancelled, and when the host stops.</param>
    Task<TOutput> RunAsync(TInput input, WorkerContext context, CancellationToken cancellationToken);
}
