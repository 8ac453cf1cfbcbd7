namespace Orchestrator;

/// <summary>A capability as the host registered it, with everything the engine has to know before it calls it.</summary>
/// <param name="Capability">The capability.</param>
/// <param name="Version">The version of its contract.</param>
/// <param name="Worker">Binds inputs and runs calls.</param>
internal sealed record WorkerRegistration(string Capability, int Version, BoundWorker Worker)
{
    /// <summary>Whether a call whose outcome is not recorded may simply be run again after a crash.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How long one call may take; <see langword="null"/> for the host's limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Globs of the paths that its patches may touch; empty for those of the task.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>The most that one call can cost, for a worker that reaches a model by itself.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Whether it is one of the ready-made workers, which an explicit registration replaces.</summary>
    public bool IsReadyMade { get; init; }

    /// <summary>The registered model that it uses; empty where it uses none or chooses for itself.</summary>
    public string Model => Worker.Model;

    /// <summary>The prompt it uses, such as <c>code_edit/1</c>; empty for none.</summary>
    public string Prompt => Worker.Prompt;

    /// <summary>Hash of that prompt's text.</summary>
    public string PromptHash => Worker.PromptHash;
}
