namespace Orchestrator;

/// <summary>How a model behind OpenAI's chat API is reached and asked.</summary>
public sealed record OpenAIModelOptions
{
    /// <summary>The environment variable that holds the key. Keys come from there and from nowhere else.</summary>
    /// <remarks>
    /// Left out, it is <c>OPENAI_API_KEY</c>, whose key is not sent over plain HTTP to another machine. A server that wants no key gets a placeholder.
    /// </remarks>
    public string? ApiKeyVariable { get; init; }

    /// <summary>How the shape of replies is asked for.</summary>
    public StructuredOutput Structure { get; init; }

    /// <summary>The <c>api-version</c> of an Azure-style endpoint, which names its deployment in the address and takes the key in an <c>api-key</c> header; <see langword="null"/> for every other.</summary>
    public string? AzureApiVersion { get; init; }

    /// <summary>How much a reasoning model may think (<c>low</c>, <c>medium</c>, <c>high</c>); <see langword="null"/> to leave that to the server.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>How requests are bounded: time, retries, concurrency, tokens.</summary>
    public ModelOptions? Limits { get; init; }

    /// <summary>The ways to ask for replies of a given shape.</summary>
    public enum StructuredOutput
    {
        /// <summary>By <c>json_schema</c>, until the server says that it knows none; then in the prompt.</summary>
        Auto,

        /// <summary>By <c>json_schema</c>, always.</summary>
        JsonSchema,

        /// <summary>In the prompt alone, for servers that know no schema or write worse code under one.</summary>
        Prompt,
    }
}
