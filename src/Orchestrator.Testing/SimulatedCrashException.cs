namespace Orchestrator.Testing;

/// <summary>What a <see cref="CrashingJournal"/> throws once its process is dead. Deliberately no <see cref="OrchestratorException"/>: nothing may handle it.</summary>
public sealed class SimulatedCrashException : Exception
{
    internal SimulatedCrashException(string message)
        : base(message)
    {
    }
}
