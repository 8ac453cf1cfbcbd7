namespace Orchestrator.Testing;

/// <summary>An implementation does not keep a promise of the interface; the message says which.</summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
