using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>A model as the host registered it: made when it is first needed, shared by all runs of this process.</summary>
internal sealed class RegisteredModel : IDisposable
{
    private readonly Lazy<IChatClient> _client;

    public RegisteredModel(string name, Func<IChatClient> create, ModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Options = options ?? new ModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxOutputTokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.MaxRetries);
        if (Options.ContextWindow <= Options.MaxOutputTokens)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"The model '{name}' has a ContextWindow of {Options.ContextWindow} tokens and a MaxOutputTokens of {Options.MaxOutputTokens}, which leaves no room for a prompt. Set ContextWindow to what the model can hold, and MaxOutputTokens well below it.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Options.IdleTimeout, TimeSpan.Zero);
        _client = new(create);
        Gate = new SemaphoreSlim(Options.MaxConcurrency);
    }

    public string Name { get; }

    public ModelOptions Options { get; }

    public IChatClient Client => _client.Value;

    /// <summary>One place per request that may be under way.</summary>
    public SemaphoreSlim Gate { get; }

    public void Dispose()
    {
        Gate.Dispose();
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }
}
