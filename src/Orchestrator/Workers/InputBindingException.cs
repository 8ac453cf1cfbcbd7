namespace Orchestrator;

/// <summary>A call's payload cannot be made into its worker's input. The engine records it as <see cref="CallResult.Failure.Codes.InvalidInput"/>.</summary>
internal sealed class InputBindingException(string message, Exception? innerException = null) : OrchestratorException(message, innerException);
