using System.Text.Json;

namespace Orchestrator;

/// <summary>The engine's capability that asks a person. Called like a worker, answered through <see cref="IOrchestrator.AnswerAsync"/>.</summary>
public static class Person
{
    /// <summary>The capability's name.</summary>
    public const string Capability = "person";

    /// <summary>A call that asks a question.</summary>
    public static WorkerCall Call(Question question) =>
        WorkerCall.To(Capability, JsonSerializer.SerializeToElement(question, CoreJsonContext.Default.Question));

    /// <summary>What came back.</summary>
    /// <param name="Status">Failed where the deadline passed without an answer.</param>
    /// <param name="Answer">The answer; <see langword="null"/> where there is none.</param>
    /// <param name="By">Who gave it; empty where nobody said, or the deadline gave it.</param>
    public sealed record Output(WorkerClaim Status, string? Answer, string By);
}
