namespace Orchestrator;

/// <summary>A model gave no reply after every retry. The engine records it as <see cref="CallResult.Failure.Codes.ModelFailed"/>.</summary>
internal sealed class ModelFailedException(string model, string reason, Exception? innerException = null)
    : OrchestratorException($"The model '{model}' gave no reply: {reason}", innerException);
