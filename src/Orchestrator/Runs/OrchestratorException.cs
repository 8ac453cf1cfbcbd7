namespace Orchestrator;

/// <summary>The base of everything this library throws on its own account. The message says what happened, where, and what to do next.</summary>
public class OrchestratorException : Exception
{
    /// <summary>Makes one from its message and, where there is one, its cause.</summary>
    public OrchestratorException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
