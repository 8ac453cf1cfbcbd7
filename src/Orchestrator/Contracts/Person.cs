using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>The engine's capability that asks a person. Called like a worker, answered through <see cref="IOrchestrator.AnswerAsync"/>.</summary>
public static class Person
{
    /// <summary>The capability's name.</summary>
    public const string Capability = "person";

    /// <summary>Both shapes with their schemas.</summary>
    public static WorkerContract<Question, Output> Contract { get; } = new(Capability, 1, CoreJsonContext.Default.Question, CoreJsonContext.Default.PersonOutput);

    /// <summary>A call that asks a question.</summary>
    public static WorkerCall Call(Question question) =>
        WorkerCall.To(Capability, JsonSerializer.SerializeToElement(question, CoreJsonContext.Default.Question));

    /// <summary>What came back.</summary>
    /// <param name="Status">Failed where the deadline passed without an answer.</param>
    /// <param name="Answer">The answer; <see langword="null"/> where there is none.</param>
    /// <param name="By">Who gave it; empty where nobody said, or the deadline gave it.</param>
    public sealed record Output(WorkerClaim Status, string? Answer, string By);

    /// <summary>What a person is asked; the input of the engine's capability <c>person</c>.</summary>
    /// <param name="Text">The question.</param>
    public sealed record Question(string Text)
    {
        /// <summary>The answers to choose from; empty for free text.</summary>
        public IReadOnlyList<string> Options { get; init => field = value ?? []; } = [];

        /// <summary>When the default is taken; <see langword="null"/> to wait for ever.</summary>
        public DateTimeOffset? Deadline { get; init; }

        /// <summary>The answer that is taken at the deadline; without one, the call fails then.</summary>
        public string? Default { get; init; }
    }
}
