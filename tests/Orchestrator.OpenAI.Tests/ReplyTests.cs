using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchestrator.Tests;

/// <summary>What is sent to a server that behaves, and what is made of its replies.</summary>
public sealed class ReplyTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"],"additionalProperties":false}""").RootElement;

    [Fact]
    public async Task A_reply_is_streamed_and_its_tokens_are_counted()
    {
        await using var server = new LoopbackServer(LoopbackReply.Says("Grüße, 世界! Patched.", input: 40, output: 9));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Grüße, 世界! Patched.", response.Text);
        Assert.Equal("coder-1", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(new TokenUsage(40, 9), Assert.Single(asked.Book.Receipts.Values).Usage);
        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.Line);
        Assert.Equal($"Bearer {asked.Key}", request.Headers["Authorization"]);
        Assert.True(request.Json.GetProperty("stream").GetBoolean());
        Assert.True(request.Json.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task A_request_names_its_role_and_keeps_strictness_as_asked()
    {
        await using var server = new LoopbackServer(LoopbackReply.Says("{}"));
        using var asked = new Asked(server.Endpoint);

        foreach (var strict in new[] { true, false })
        {
            await asked.AskAsync(options: new ChatOptions
            {
                ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "code_edit_v1"),
                AdditionalProperties = new() { ["strictJsonSchema"] = strict, ["orchestrator.prompt"] = "code_edit/1", ["orchestrator.prompt_hash"] = "abc" },
            });
        }

        var formats = server.Requests.Select(request => request.Json.GetProperty("response_format").GetProperty("json_schema")).ToList();
        Assert.All(formats, format => Assert.Equal("code_edit_v1", format.GetProperty("name").GetString()));
        Assert.Equal([true, false], formats.Select(format => format.GetProperty("strict").GetBoolean()));
        Assert.All(server.Requests, request => Assert.DoesNotContain("orchestrator.prompt", request.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://team.openai.azure.com", "max_completion_tokens")]
    [InlineData("http://localhost:11434/v1", "max_tokens")]
    public void The_limit_of_output_tokens_has_the_name_that_the_server_knows(string endpoint, string name)
    {
        var target = OpenAITarget.Of("coder", new Uri(endpoint), new OpenAIModelOptions());

        var body = JsonDocument.Parse(RequestBody.Write(target, new Dialect(target), [new(ChatRole.User, "Hello?")], new ChatOptions { MaxOutputTokens = 300 })).RootElement;

        Assert.Equal(300, body.GetProperty(name).GetInt32());
    }

    [Theory]
    [InlineData("o4-mini", false)]
    [InlineData("gpt-5.3-codex", false)]
    [InlineData("gpt-4.1", true)]
    public void Reasoning_models_get_no_temperature(string model, bool isSent)
    {
        var target = OpenAITarget.Of(model, null, new OpenAIModelOptions { ReasoningEffort = "low" });

        var body = JsonDocument.Parse(RequestBody.Write(target, new Dialect(target), [new(ChatRole.User, "Hello?")], new ChatOptions { Temperature = 0 })).RootElement;

        Assert.Equal(isSent, body.TryGetProperty("temperature", out _));
        Assert.Equal("low", body.GetProperty("reasoning_effort").GetString());
    }

    [Fact]
    public async Task Tools_are_offered_and_called_and_answered()
    {
        await using var server = new LoopbackServer(
            LoopbackReply.Events(
                """{"id":"r1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"read_file","arguments":""}}]}}]}""",
                """{"id":"r1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\":"}}]}}]}""",
                """{"id":"r1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"a.cs\"}"}},{"index":1,"id":"t2","function":{"name":"list","arguments":"no json"}}]}}]}""",
                """{"id":"r1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
                "[DONE]"),
            LoopbackReply.Says("Done."));
        using var asked = new Asked(server.Endpoint);
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("read_file", "Reads a file.", Schema)] };
        var question = new ChatMessage(ChatRole.User, "Read it.");

        var first = await asked.AskAsync([question], options);
        var calls = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        var second = await asked.AskAsync([question, .. first.Messages, new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, $"result of {call.CallId}"))])], options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(["read_file", "list"], calls.Select(call => call.Name));
        Assert.Equal("a.cs", calls[0].Arguments!["path"]!.ToString());
        Assert.Equal("no json", calls[1].Arguments!["not_json"]!.ToString());
        Assert.Equal("Done.", second.Text);
        var sent = server.Requests.Last().Json;
        Assert.Equal("read_file", sent.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        var messages = sent.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "tool"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("t1", messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString());
        Assert.Equal("""{"path":"a.cs"}""", messages[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("result of t2", messages[3].GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_refusal_is_no_text()
    {
        await using var server = new LoopbackServer(LoopbackReply.Events(LoopbackReply.Delta(new { refusal = "I will " }), LoopbackReply.Delta(new { refusal = "not." }, "stop"), "[DONE]"));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("", response.Text);
        Assert.Equal("I will not.", response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().Single().Message);
    }

    [Theory]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("eos", "eos")]
    public async Task Why_the_model_stopped_is_kept(string said, string kept)
    {
        await using var server = new LoopbackServer(LoopbackReply.Events(LoopbackReply.Delta(new { content = "a" }, said)));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal(kept, response.FinishReason!.Value.Value);
    }

    [Fact]
    public async Task A_server_that_does_not_stream_is_read_too()
    {
        await using var server = new LoopbackServer(LoopbackReply.Json(
            200,
            """{"id":"r1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Whole."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Whole.", response.Text);
        Assert.Equal(new TokenUsage(3, 2), asked.Book.Receipts[1].Usage);
    }

    [Fact]
    public async Task An_azure_style_endpoint_gets_its_version_its_deployment_and_the_key_in_its_own_header()
    {
        await using var server = new LoopbackServer(LoopbackReply.Says("Yes."));
        using var asked = new Asked(new Uri(server.Endpoint.GetLeftPart(UriPartial.Authority)), new OpenAIModelOptions { AzureApiVersion = "2024-10-21" });

        await asked.AskAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /openai/deployments/coder/chat/completions?api-version=2024-10-21 HTTP/1.1", request.Line);
        Assert.Equal(asked.Key, request.Headers["api-key"]);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }
}
