namespace Orchestrator;

/// <summary>A journal holds something that no version of this library can have written there. The run is left as it is.</summary>
public sealed class JournalCorruptException : OrchestratorException
{
    /// <summary>Makes one from what was found.</summary>
    public JournalCorruptException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
