using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator.Tests;

/// <summary>Servers that only resemble OpenAI's: what they do not understand is put differently, once, and remembered.</summary>
public sealed class DialectTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}""").RootElement;

    private static ChatOptions Structured => new()
    {
        ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "analysis_v1"),
        AdditionalProperties = new() { ["strictJsonSchema"] = true },
    };

    [Theory]
    [InlineData(400, "response_format is not supported")]
    [InlineData(400, "'response_format.type' must be one of 'text', 'json_object'")]
    [InlineData(422, "Extra inputs are not permitted: response_format")]
    [InlineData(500, "failed to parse grammar")]
    public async Task A_server_that_knows_no_schema_gets_it_in_the_prompt_and_is_never_asked_again(int status, string complaint)
    {
        await using var server = new LoopbackServer(request => request.Has("response_format") ? LoopbackReply.Error(status, complaint) : LoopbackReply.Says("""{"ok":true}"""));
        using var asked = new Asked(server.Endpoint);

        await asked.AskAsync(options: Structured);
        await asked.AskAsync("And again?", Structured);

        Assert.Equal([true, false, false], server.Requests.Select(request => request.Has("response_format")));
        Assert.Contains("\"ok\"", server.Requests.Last().Json.GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, asked.Book.Intents.Count);
    }

    [Fact]
    public async Task A_prompt_that_states_its_schema_does_not_get_it_twice()
    {
        await using var server = new LoopbackServer(LoopbackReply.Says("""{"ok":true}"""));
        using var asked = new Asked(server.Endpoint, new OpenAIModelOptions { Structure = OpenAIModelOptions.StructuredOutput.Prompt });

        await asked.AskAsync([new(ChatRole.System, $"Keep this: {Schema.GetRawText()}"), new(ChatRole.User, "Well?")], Structured);

        var request = Assert.Single(server.Requests);
        Assert.Equal(2, request.Json.GetProperty("messages").GetArrayLength());
        Assert.False(request.Has("response_format"));
    }

    [Fact]
    public async Task A_host_that_insists_on_schemas_gets_the_complaint()
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(400, "response_format is not supported"));
        using var asked = new Asked(server.Endpoint, new OpenAIModelOptions { Structure = OpenAIModelOptions.StructuredOutput.JsonSchema });

        var failure = await Assert.ThrowsAnyAsync<OrchestratorException>(() => asked.AskAsync(options: Structured));

        Assert.Contains("response_format is not supported", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_schema_that_is_not_strict_enough_stays_a_schema()
    {
        await using var server = new LoopbackServer(request => request.Body.Contains("\"strict\":true", StringComparison.Ordinal)
            ? LoopbackReply.Error(400, "Invalid schema for response_format 'analysis_v1': 'additionalProperties' is required")
            : LoopbackReply.Says("""{"ok":true}"""));
        using var asked = new Asked(server.Endpoint);

        await asked.AskAsync(options: Structured);

        Assert.False(server.Requests.Last().Json.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean());
    }

    [Fact]
    public async Task A_model_that_wants_the_new_name_of_the_limit_gets_it()
    {
        await using var server = new LoopbackServer(request => request.Has("max_tokens")
            ? LoopbackReply.Error(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
            : LoopbackReply.Says("Yes."));
        using var asked = new Asked(server.Endpoint);

        await asked.AskAsync();
        await asked.AskAsync("Again?");

        Assert.Equal([true, false, false], server.Requests.Select(request => request.Has("max_tokens")));
        Assert.True(server.Requests.Last().Has("max_completion_tokens"));
    }

    [Fact]
    public async Task A_limit_that_is_too_high_is_a_complaint_and_no_question_of_words()
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(400, "max_tokens is too large: 16384. This model supports at most 4096 completion tokens."));
        using var asked = new Asked(server.Endpoint);

        Assert.Contains("at most 4096", (await asked.FailAsync()).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_temperature_and_usage_that_a_server_refuses_are_left_out()
    {
        await using var server = new LoopbackServer(request => request.Has("temperature") ? LoopbackReply.Error(400, "Unsupported value: 'temperature'")
            : request.Has("stream_options") ? LoopbackReply.Error(400, "Unrecognized request argument supplied: stream_options")
            : LoopbackReply.Says("Yes."));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync(options: new ChatOptions { Temperature = 0.2f });

        Assert.Equal("Yes.", response.Text);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(asked.Book.Intents);
    }
}
