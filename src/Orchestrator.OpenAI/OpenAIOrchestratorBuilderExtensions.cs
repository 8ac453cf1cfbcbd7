namespace Orchestrator;

/// <summary>Adds models behind OpenAI's chat API.</summary>
public static class OpenAIOrchestratorBuilderExtensions
{
    /// <summary>Adds a model of OpenAI, or of any server that speaks its chat API.</summary>
    /// <param name="builder">The orchestrator.</param>
    /// <param name="name">The name that workers and workflows reach it by.</param>
    /// <param name="model">The model as the server calls it.</param>
    /// <param name="endpoint">The server's base address, such as <c>http://localhost:11434/v1</c>; OpenAI's own where there is none.</param>
    /// <param name="price">What it costs; without one, tokens are counted but no money is.</param>
    /// <param name="options">Key, structured output, limits.</param>
    public static OrchestratorBuilder AddOpenAIModel(
        this OrchestratorBuilder builder,
        string name,
        string model,
        Uri? endpoint = null,
        ModelOptions.TokenPrice? price = null,
        OpenAIModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        var target = OpenAITarget.Of(model, endpoint, options ?? new OpenAIModelOptions());
        return builder
            .AddSecret(_ => target.FindKey() ?? "")
            .AddModel(name, _ => new OpenAIChatClient(target), price, options?.Limits);
    }
}
