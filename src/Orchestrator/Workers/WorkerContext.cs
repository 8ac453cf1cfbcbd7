namespace Orchestrator;

/// <summary>What a worker may know and reach beside its input. There is deliberately no file system and no service provider in it.</summary>
/// <remarks>Safe for concurrent use within the call.</remarks>
public sealed record WorkerContext
{
    private static readonly TaskRequest NoTask = new("");

    /// <summary>The run.</summary>
    public RunId Run { get; init; }

    /// <summary>The call.</summary>
    public CallId Call { get; init; }

    /// <summary>The capability that is called.</summary>
    public string Capability { get; init; } = "";

    /// <summary>The task, for its goal and constraints.</summary>
    public TaskRequest Task { get; init; } = NoTask;

    /// <summary>The models, metered and recorded.</summary>
    public IModels Models { get; init; } = NoModels.Instance;

    /// <summary>
    /// Tells what was spent on models past <see cref="Models"/>: tokens, and money where it is known. May be called several times; it adds up. Counts only for workers
    /// registered with <see cref="WorkerOptions.WithOwnModel"/>.
    /// </summary>
    public Action<TokenUsage, decimal?> ReportSpending { get; init; } = static (_, _) => { };

    /// <summary>Tells whoever looks on how far the work is. Never recorded, and may be called often.</summary>
    public Action<string> ReportProgress { get; init; } = static _ => { };
}
