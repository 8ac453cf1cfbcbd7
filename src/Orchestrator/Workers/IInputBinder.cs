using System.Text.Json;

namespace Orchestrator;

/// <summary>Builds a worker's typed input from a call's payload, where binding files by path is not enough.</summary>
/// <typeparam name="TInput">The worker's input.</typeparam>
/// <remarks>Called once per start of a call, possibly again after a crash. Safe for concurrent use.</remarks>
public interface IInputBinder<TInput>
{
    /// <summary>Builds the input.</summary>
    /// <param name="payload">The call's payload: intent only.</param>
    /// <param name="files">Reads files of the call's base tree; every read is recorded.</param>
    /// <param name="cancellationToken">Stops the binding.</param>
    /// <exception cref="OrchestratorException">The payload cannot be bound; the call ends with <see cref="CallResult.Failure.Codes.InvalidInput"/> and this message.</exception>
    ValueTask<TInput> BindAsync(JsonElement payload, IFileReader files, CancellationToken cancellationToken);
}
