using Microsoft.Extensions.AI;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Models;

/// <summary>Failures of client packages that this library does not reference.</summary>
public sealed class ForeignClientTests
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello")];

    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_status_of_a_client_package_that_is_not_referenced_is_understood()
    {
        var model = new ScriptedChatClient().Otherwise(request => request.Number == 1 ? ScriptedReply.Fails(new ForeignException { Status = 429 }) : "ok");
        var before = _time.GetUtcNow();

        await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal(2, model.Requests.Count);
        Assert.Equal(TimeSpan.FromSeconds(7), _time.GetUtcNow() - before);
    }

    [Fact]
    public async Task A_server_that_is_overloaded_in_the_middle_of_a_stream_is_asked_again()
    {
        const string Said = """SSE error returned from server: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'""";
        var model = new ScriptedChatClient().Otherwise(request => request.Number == 1 ? ScriptedReply.Fails(new InvalidOperationException(Said)) : "ok");

        var reply = await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal("ok", reply.Text);
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task What_the_server_said_is_told_where_a_client_package_keeps_it_apart()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new ForeignException { Status = 401, ApiMessage = "invalid x-api-key" }));

        var failure = await Assert.ThrowsAsync<ModelFailedException>(() => Client(model).GetResponseAsync(Hello));

        Assert.Contains("HTTP 401, ForeignException: invalid x-api-key", failure.Message, StringComparison.Ordinal);
    }

    private IChatClient Client(IChatClient model) => new MeteredModels([new RegisteredModel("m", () => model)], new AttemptBook(), _time, new SeededRandom(1)).Get("m");

    /// <summary>Has a status as the official clients' exceptions have one.</summary>
    private sealed class ForeignException : Exception
    {
        public int Status { get; init; }

        public string? ApiMessage { get; init; }

        public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(7);
    }
}
