using Microsoft.Extensions.AI;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Models;

public sealed class ScriptedChatClientTests
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello")];

    [Fact]
    public async Task Rules_answer_by_role_and_a_sequence_gives_each_reply_once()
    {
        var model = new ScriptedChatClient().On("code_edit", "one", "two").On("code_edit", request => $"then {request.Earlier}").On("reviewer", _ => "fine");

        var texts = new List<string>();
        foreach (var role in new[] { "code_edit", "reviewer", "code_edit", "code_edit" })
        {
            texts.Add((await model.GetResponseAsync(Hello, For(role))).Text);
        }

        Assert.Equal(["one", "fine", "two", "then 2"], texts);
        Assert.Equal(3, model.Count("code_edit"));
        Assert.Equal(1, model.Requests[0].Version);
    }

    [Fact]
    public async Task A_request_without_a_rule_throws_and_says_what_to_add()
    {
        var model = new ScriptedChatClient().On("code_edit", "one");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => model.GetResponseAsync(Hello, For("reviewer")));

        Assert.Contains(".On(\"reviewer\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Hello", failure.Message, StringComparison.Ordinal);
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task A_reply_comes_in_pieces_with_usage_and_tool_calls()
    {
        var call = new FunctionCallContent("t1", "search", new Dictionary<string, object?>());
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply("abcdef") { PieceLength = 4, ToolCalls = [call], Usage = new TokenUsage(3, 2) });

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in model.GetStreamingResponseAsync(Hello))
        {
            updates.Add(update);
        }

        Assert.Equal(["abcd", "ef"], updates.Select(update => update.Text).Where(text => text.Length > 0));
        var response = updates.ToChatResponse();
        Assert.Equal((3, 2), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Same(call, Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()));
    }

    [Fact]
    public async Task A_stream_breaks_where_the_script_says()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Breaks("abcdef", 4));

        var text = "";
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var update in model.GetStreamingResponseAsync(Hello))
            {
                text += update.Text;
            }
        });

        Assert.Equal("abcd", text);
    }

    [Fact]
    public async Task Delays_run_on_the_given_clock()
    {
        var time = new VirtualTime();
        var model = new ScriptedChatClient(time).Otherwise(_ => new ScriptedReply("late") { Delay = TimeSpan.FromHours(1) });

        var reply = model.GetResponseAsync(Hello);
        Assert.False(reply.IsCompleted);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("late", (await reply).Text);
    }

    [Fact]
    public async Task Concurrent_requests_share_one_script_without_loss()
    {
        var model = new ScriptedChatClient().On("code_edit", [.. Enumerable.Range(0, 200).Select(number => new ScriptedReply($"{number}"))]);

        var texts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => (await model.GetResponseAsync(Hello, For("code_edit"))).Text)));

        Assert.Equal(200, texts.Distinct().Count());
    }

    private static ChatOptions For(string role)
    {
        using var schema = System.Text.Json.JsonDocument.Parse("{}");
        return new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone(), $"{role}_v1") };
    }
}
