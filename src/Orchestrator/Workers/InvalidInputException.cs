namespace Orchestrator;

/// <summary>A call's payload cannot be bound. The engine records it as <see cref="CallErrors.InvalidInput"/>.</summary>
internal sealed class InvalidInputException(string message, Exception? innerException = null) : OrchestratorException(message, innerException);
