namespace Orchestrator;

/// <summary>How a model does the work of one capability.</summary>
/// <param name="Model">The registered model.</param>
internal sealed record ModelWorkerOptions(string Model)
{
    /// <summary>The role part of the prompt; <see langword="null"/> for the ready-made one of the capability.</summary>
    public string? RolePrompt { get; init; }

    /// <summary>The most output tokens to ask for; <see langword="null"/> for the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How freely the model may choose its words; <see langword="null"/> for the model's own default.</summary>
    public float? Temperature { get; init; }

    /// <summary>Whether the model may look at files of the call's base tree while it works.</summary>
    public bool OffersTools { get; init; }
}
