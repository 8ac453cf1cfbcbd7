namespace Orchestrator;

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
