namespace Orchestrator;

/// <summary>What an attempt is about to do, recorded before it does it.</summary>
/// <param name="Kind">A model request or a command.</param>
/// <param name="Target">The registered model, or the command.</param>
/// <param name="RequestHash">Hash of the whole request: the same request that has a receipt is not sent again.</param>
public sealed record AttemptIntent(AttemptKind Kind, string Target, string RequestHash)
{
    /// <summary>Which prompt it uses, such as <c>code_edit/1</c>; empty for none.</summary>
    public string Prompt { get; init => field = value ?? ""; } = "";

    /// <summary>Hash of that prompt's text.</summary>
    public string PromptHash { get; init => field = value ?? ""; } = "";

    /// <summary>Tokens held: the most that the request can use.</summary>
    public TokenUsage HeldTokens { get; init; }

    /// <summary>Money held; <see langword="null"/> where the model has no price.</summary>
    public decimal? HeldCost { get; init; }
}
