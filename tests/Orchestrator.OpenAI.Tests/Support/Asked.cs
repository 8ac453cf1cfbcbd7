using Microsoft.Extensions.AI;
using Orchestrator.Tests.Models;

namespace Orchestrator.Tests;

/// <summary>A model behind a server, asked through the metered client that workers get.</summary>
internal sealed class Asked : IDisposable
{
    private static readonly ModelOptions.TokenPrice Price = new(1_000_000m, 1_000_000m);

    private readonly EnvironmentKey _key = new();
    private readonly RegisteredModel _model;
    private readonly string _name;

    public Asked(Uri endpoint, OpenAIModelOptions? options = null, ModelOptions? limits = null, string model = "coder")
    {
        _name = model;
        Target = OpenAITarget.Of(model, endpoint, (options ?? new OpenAIModelOptions()) with { ApiKeyVariable = options?.ApiKeyVariable ?? _key.Variable });
        _model = new RegisteredModel(model, () => new OpenAIChatClient(Target), (limits ?? new ModelOptions()) with { Price = Price });
    }

    public OpenAITarget Target { get; }

    public string Key => _key.Value;

    public HurriedTime Time { get; } = new();

    public AttemptBook Book { get; } = new();

    /// <summary>Every receipt in one text, for what must not be in it.</summary>
    public string Receipts => string.Join('\n', Book.Receipts.Values.Select(receipt => $"{receipt.Error} {receipt.Reply.Inline}"));

    public Task<ChatResponse> AskAsync(string text = "Hello?", ChatOptions? options = null) => AskAsync([new ChatMessage(ChatRole.User, text)], options);

    public Task<ChatResponse> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null) =>
        new MeteredModels([_model], Book, Time, new SeededRandom(1)).Get(_name).GetResponseAsync(messages, options).WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<OrchestratorException> FailAsync() => await Assert.ThrowsAnyAsync<OrchestratorException>(() => AskAsync());

    public void Dispose()
    {
        _model.Dispose();
        _key.Dispose();
    }
}
