namespace Orchestrator;

/// <summary>The journal's file could not be read or written. What had been written before is safe; what was under way was not written.</summary>
public sealed class SqliteJournalException : OrchestratorException
{
    internal SqliteJournalException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The journal's file.</summary>
    public string Path { get; }
}
