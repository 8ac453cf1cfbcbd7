namespace Orchestrator;

/// <summary>One model on one server: where it is, and which key opens it.</summary>
internal sealed record OpenAITarget(string Model, Uri Endpoint, OpenAIModelOptions Options)
{
    public const string DefaultVariable = "OPENAI_API_KEY";

    /// <summary>What servers without keys get; the client cannot send none.</summary>
    public const string Placeholder = "none";

    private static readonly Uri Hosted = new("https://api.openai.com/v1");

    public string Variable => Options.ApiKeyVariable ?? DefaultVariable;

    public bool IsAzure => Options.AzureApiVersion is not null;

    /// <summary>Whether the server is OpenAI's own or its twin at Azure, which renamed the limit of output tokens; others know the old name.</summary>
    public bool IsOpenAI => IsAzure || IsHost("openai.com") || IsHost("azure.com");

    public static OpenAITarget Of(string model, Uri? endpoint, OpenAIModelOptions options)
    {
        var address = endpoint ?? Hosted;
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new OrchestratorException($"'{address}' is no endpoint; give an absolute http or https address, such as http://localhost:11434/v1.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new OrchestratorException($"The endpoint at {address.Host} has a user or password in its address; put the key into an environment variable and name that.");
        }

        return new OpenAITarget(model, address, options);
    }

    /// <summary>The key, as far as the environment has one that may be sent there.</summary>
    public string? FindKey()
    {
        var isInTheClear = Endpoint.Scheme == Uri.UriSchemeHttp && !Endpoint.IsLoopback;
        return isInTheClear && Options.ApiKeyVariable is null ? null : Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } key ? key : null;
    }

    /// <summary>The key to send.</summary>
    /// <exception cref="OrchestratorException">There is none, and the server will want one; or it cannot be sent.</exception>
    public string Key()
    {
        var key = FindKey();
        if (key is null)
        {
            return IsOpenAI || Options.ApiKeyVariable is not null
                ? throw new OrchestratorException($"The model '{Model}' at {Endpoint.Host} needs a key: set the environment variable {Variable}.")
                : Placeholder;
        }

        return key.All(character => character is > ' ' and <= '~')
            ? key
            : throw new OrchestratorException($"The key in the environment variable {Variable} holds characters that no key has, such as a line break or a space in the middle; set it anew.");
    }

    private bool IsHost(string domain) => Endpoint.Host.Equals(domain, StringComparison.OrdinalIgnoreCase) || Endpoint.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
