using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Says in a request which prompt it uses. The metered client records both and sends neither.</summary>
internal static class PromptKeys
{
    public const string Id = "orchestrator.prompt";

    public const string Hash = "orchestrator.prompt_hash";

    /// <summary>The key that chat clients over hosted models read for strict structured output; it is sent.</summary>
    public const string Strict = "strictJsonSchema";

    public static string? Find(ChatOptions? options, string key) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(key, out var value) ? value as string : null;
}
