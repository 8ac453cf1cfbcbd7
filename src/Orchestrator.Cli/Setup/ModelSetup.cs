using Anthropic;
using Microsoft.Extensions.AI;

namespace Orchestrator.Cli;

/// <summary>Chooses the model that works, and adds it. Keys come from the environment and from nowhere else.</summary>
internal static class ModelSetup
{
    /// <summary>The name that the workers know it by.</summary>
    public const string Name = "coder";

    private const string AnthropicKey = "ANTHROPIC_API_KEY";
    private const string OpenAIKey = "OPENAI_API_KEY";
    private const string DefaultModel = "claude-opus-4-6";

    /// <summary>The settings with a model that can be reached, or an error that says what to set.</summary>
    /// <param name="surroundings">Where the keys are.</param>
    /// <param name="settings">What flags and file say.</param>
    /// <param name="endpointIsTheUsers">Whether the user gave the endpoint, and not a file that came with the repository.</param>
    public static RunSettings Choose(Surroundings surroundings, RunSettings settings, bool endpointIsTheUsers)
    {
        _ = settings.ToPrice();
        _ = settings.ToModelOptions();
        if (surroundings.Model is not null)
        {
            return settings with { Model = settings.Model.Length > 0 ? settings.Model : "scripted" };
        }

        if (settings.Endpoint.Length > 0)
        {
            return CheckEndpoint(surroundings, settings, endpointIsTheUsers);
        }

        if (settings.Model.Length == 0 && Has(surroundings, AnthropicKey))
        {
            return settings with { Model = DefaultModel };
        }

        if (settings.Model.Length == 0)
        {
            throw CliException.BadInput($"There is no model to ask. Set {AnthropicKey}, or {OpenAIKey} with --model NAME, or give a server of your own: --endpoint http://localhost:11434/v1 --model NAME.");
        }

        var variable = IsClaude(settings.Model) ? AnthropicKey : OpenAIKey;
        return Has(surroundings, variable)
            ? settings
            : throw CliException.BadInput($"The model '{settings.Model}' needs a key: set the environment variable {variable}, or give a server of your own with --endpoint URL.");
    }

    /// <summary>Adds the chosen model; its key never reaches journal, transcript or error.</summary>
    public static OrchestratorBuilder AddModel(this OrchestratorBuilder builder, Surroundings surroundings, RunSettings settings)
    {
        var price = settings.ToPrice();
        var options = settings.ToModelOptions();
        foreach (var variable in (string[])[AnthropicKey, OpenAIKey])
        {
            builder.AddSecret(_ => surroundings.Variable(variable) ?? "");
        }

        if (surroundings.Model is { } scripted)
        {
            return builder.AddModel(Name, _ => scripted(), price, options);
        }

        if (settings.Endpoint.Length == 0 && IsClaude(settings.Model) && surroundings.Variable(AnthropicKey) is { Length: > 0 } key)
        {
            return builder.AddModel(Name, _ => new AnthropicClient { ApiKey = key.Trim(), MaxRetries = 0 }.AsIChatClient(settings.Model), price, options);
        }

        if (settings.Model.Length > 0 && (settings.Endpoint.Length > 0 || !IsClaude(settings.Model)))
        {
            return builder.AddOpenAIModel(Name, settings.Model, settings.Endpoint.Length > 0 ? new Uri(settings.Endpoint) : null, price, new OpenAIModelOptions { Limits = options });
        }

        // For commands that only look: nothing asks a model there.
        return builder.AddModel(Name, IChatClient (_) => throw CliException.BadInput("No model was chosen."), price);
    }

    private static RunSettings CheckEndpoint(Surroundings surroundings, RunSettings settings, bool isTheUsers)
    {
        if (!Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw CliException.BadInput($"--endpoint: '{settings.Endpoint}' is no address; give one such as http://localhost:11434/v1.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw CliException.BadInput($"--endpoint: the address of {address.Host} has a user or password in it; keys come from the environment only.");
        }

        if (settings.Model.Length == 0)
        {
            throw CliException.BadInput("--endpoint: say with --model which model of that server is meant.");
        }

        // A repository must not be able to have the user's key sent wherever it likes.
        return isTheUsers || address.IsLoopback || !Has(surroundings, OpenAIKey)
            ? settings
            : throw CliException.BadInput($"{ConfigFile.Name} names the endpoint {address}, and {OpenAIKey} would be sent there. If you want that, say so with --endpoint {address}; otherwise unset the key.");
    }

    private static bool IsClaude(string model) => model.StartsWith("claude", StringComparison.OrdinalIgnoreCase);

    private static bool Has(Surroundings surroundings, string variable) => !string.IsNullOrWhiteSpace(surroundings.Variable(variable));
}
