using System.Net;
using Microsoft.Extensions.AI;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Models;

public sealed class MeteredChatClientTests
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello")];

    private readonly VirtualTime _time = new();
    private readonly AttemptBook _book = new();
    private readonly List<string> _progress = [];

    [Fact]
    public async Task A_reply_is_recorded_before_it_is_handed_on_and_settled_by_its_usage()
    {
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply("Good day") { Usage = new TokenUsage(11, 7) });

        var response = await Client(model, new ModelOptions { Price = new(1m, 2m) }).GetResponseAsync(Hello);

        Assert.Equal("Good day", response.Text);
        var receipt = Assert.Single(_book.Receipts).Value;
        Assert.True(receipt.Succeeded);
        Assert.Equal(new TokenUsage(11, 7), receipt.Usage);
        Assert.Equal(25m / 1_000_000m, receipt.Cost);
        Assert.Equal("scripted-1", receipt.Model);
    }

    [Fact]
    public async Task The_hold_is_the_bytes_of_the_prompt_and_the_output_limit_that_is_sent()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");
        ChatMessage[] prompt = [new(ChatRole.User, new string('ä', 1_000))];

        await Client(model, new ModelOptions { MaxOutputTokens = 500, Price = new(10m, 20m) }).GetResponseAsync(prompt, new ChatOptions { MaxOutputTokens = 900 });

        var intent = Assert.Single(_book.Intents);
        Assert.InRange(intent.HeldTokens.Input, 2_000, 2_200);
        Assert.Equal(500, intent.HeldTokens.Output);
        Assert.Equal(((intent.HeldTokens.Input * 10m) + (500 * 20m)) / 1_000_000m, intent.HeldCost);
        Assert.Equal(500, model.Requests[0].Options!.MaxOutputTokens);
    }

    [Fact]
    public async Task A_request_that_asks_for_less_output_gets_less()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");

        await Client(model).GetResponseAsync(Hello, new ChatOptions { MaxOutputTokens = 12 });

        Assert.Equal(12, model.Requests[0].Options!.MaxOutputTokens);
        Assert.Equal(12, _book.Intents[0].HeldTokens.Output);
    }

    [Fact]
    public async Task Without_reported_usage_all_that_was_held_counts()
    {
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply("ok") { ReportsNoUsage = true });

        await Client(model).GetResponseAsync(Hello);

        Assert.Equal(_book.Intents[0].HeldTokens, _book.Receipts[1].Usage);
    }

    [Fact]
    public async Task A_recorded_reply_is_replayed_whole_and_not_sent_again()
    {
        var call = new FunctionCallContent("t1", "read_file", new Dictionary<string, object?> { ["path"] = "a.cs" });
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply("Let me look.") { ToolCalls = [call] });
        var first = await Client(model).GetResponseAsync(Hello);

        var second = await Client(model, book: _book.Reopen()).GetResponseAsync(Hello);

        Assert.Single(model.Requests);
        Assert.Equal(ReplyJson.Write(first).GetRawText(), ReplyJson.Write(second).GetRawText());
        Assert.Equal(ChatFinishReason.ToolCalls, second.FinishReason);
        var replayed = Assert.Single(second.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal("read_file", replayed.Name);
        Assert.Equal("a.cs", replayed.Arguments!["path"]!.ToString());
        Assert.Equal(first.Usage!.TotalTokenCount, second.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Each_receipt_is_replayed_once()
    {
        var model = new ScriptedChatClient().Otherwise(request => $"reply {request.Number}");
        await Client(model).GetResponseAsync(Hello);
        var book = _book.Reopen();
        var client = Client(model, book: book);

        var replayed = await client.GetResponseAsync(Hello);
        var fresh = await client.GetResponseAsync(Hello);

        Assert.Equal(("reply 1", "reply 2"), (replayed.Text, fresh.Text));
    }

    [Fact]
    public async Task Another_prompt_or_another_limit_is_another_request()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");
        var client = Client(model);

        await client.GetResponseAsync(Hello);
        await client.GetResponseAsync([new ChatMessage(ChatRole.System, "Hello")]);
        await client.GetResponseAsync(Hello, new ChatOptions { Temperature = 0.5f });
        await client.GetResponseAsync(Hello, new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] });

        Assert.Equal(4, _book.Intents.Select(intent => intent.RequestHash).Distinct().Count());
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(null)]
    public async Task A_passing_failure_is_tried_again_as_an_attempt_of_its_own(HttpStatusCode? status)
    {
        var model = new ScriptedChatClient().Otherwise(request => request.Number < 3
            ? ScriptedReply.Fails(new HttpRequestException("busy", null, status))
            : "at last");

        var response = await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal("at last", response.Text);
        Assert.Equal([false, false, true], _book.Receipts.OrderBy(pair => pair.Key).Select(pair => pair.Value.Succeeded));
        Assert.Single(_book.Intents.Select(intent => intent.RequestHash).Distinct());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task A_final_failure_is_not_tried_again_and_costs_nothing(HttpStatusCode status)
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new HttpRequestException("no", null, status)));

        var failure = await Assert.ThrowsAsync<ModelFailedException>(() => Client(model).GetResponseAsync(Hello));

        Assert.Contains($"HTTP {(int)status}", failure.Message, StringComparison.Ordinal);
        Assert.Single(model.Requests);
        Assert.Equal(default, _book.Receipts[1].Usage);
    }

    [Fact]
    public async Task A_final_failure_that_is_on_record_is_not_tried_again_after_a_crash()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new HttpRequestException("no", null, HttpStatusCode.Unauthorized)));
        await Assert.ThrowsAsync<ModelFailedException>(() => Client(model).GetResponseAsync(Hello));

        await Assert.ThrowsAsync<ModelFailedException>(() => Client(model, book: _book.Reopen()).GetResponseAsync(Hello));

        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task Retries_on_record_count_after_a_crash()
    {
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable)));
        var options = new ModelOptions { MaxRetries = 2 };
        await Assert.ThrowsAsync<ModelFailedException>(() => _time.RunAsync(Client(model, options).GetResponseAsync(Hello)));

        var failure = await Assert.ThrowsAsync<ModelFailedException>(() => _time.RunAsync(Client(model, options, _book.Reopen()).GetResponseAsync(Hello)));

        Assert.Equal(3, model.Requests.Count);
        Assert.Contains("tried 3 times", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_stream_keeps_its_text_and_counts_as_all_that_was_held()
    {
        var model = new ScriptedChatClient().On("", ScriptedReply.Breaks("The first half and the second", 14), "whole");

        var response = await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal("whole", response.Text);
        Assert.Equal("The first half", _book.Receipts[1].Reply.Inline.GetString());
        Assert.Equal(_book.Intents[0].HeldTokens, _book.Receipts[1].Usage);
    }

    [Fact]
    public async Task Silence_before_the_first_word_is_a_passing_failure()
    {
        var model = new ScriptedChatClient(_time).On("", ScriptedReply.Hangs(), "ok");

        var response = await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal("ok", response.Text);
        Assert.Contains("nothing arrived for 90 seconds", _book.Receipts[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_in_the_middle_is_a_passing_failure_that_keeps_the_text()
    {
        var model = new ScriptedChatClient(_time).On("", new ScriptedReply("so far") { FallsSilent = true }, "ok");

        await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal("so far", _book.Receipts[1].Reply.Inline.GetString());
    }

    [Fact]
    public async Task A_slow_reply_that_keeps_coming_is_not_cut()
    {
        var model = new ScriptedChatClient(_time).On("", new ScriptedReply(new string('x', 100)) { PieceLength = 10, DelayBetween = TimeSpan.FromSeconds(60) });

        var response = await _time.RunAsync(Client(model).GetResponseAsync(Hello));

        Assert.Equal(100, response.Text.Length);
        Assert.Equal(10, _progress.Count);
    }

    [Fact]
    public async Task A_cancelled_call_records_that_its_attempt_failed()
    {
        var model = new ScriptedChatClient(_time).On("", ScriptedReply.Hangs());
        using var cancel = new CancellationTokenSource();
        var request = Client(model).GetResponseAsync(Hello, cancellationToken: cancel.Token);
        await _book.Started.Task;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.False(Assert.Single(_book.Receipts).Value.Succeeded);
    }

    [Fact]
    public async Task A_host_that_stops_leaves_the_intent_without_a_receipt()
    {
        var model = new ScriptedChatClient(_time).On("", ScriptedReply.Hangs());
        using var cancel = new CancellationTokenSource();
        var request = Client(model).GetResponseAsync(Hello, cancellationToken: cancel.Token);
        await _book.Started.Task;
        _book.IsStopping = true;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Empty(_book.Receipts);
    }

    [Fact]
    public async Task A_refused_hold_sends_nothing()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");
        _book.Refuses = new BudgetExceededException(Budget.Limit.Cost, "too much");

        await Assert.ThrowsAsync<BudgetExceededException>(() => Client(model).GetResponseAsync(Hello));

        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_the_model_allows()
    {
        var underWay = 0;
        var most = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var slow = new CallbackClient(async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            await release.Task;
            Interlocked.Decrement(ref underWay);
            return "ok";
        });
        using var registered = new RegisteredModel("m", () => slow, new ModelOptions { MaxConcurrency = 2 });
        var models = new MeteredModels([registered], _book, _time, new SeededRandom(1));

        var requests = Enumerable.Range(0, 6).Select(number => models.Get("m").GetResponseAsync([new ChatMessage(ChatRole.User, $"{number}")])).ToList();
        release.SetResult();
        await Task.WhenAll(requests);

        Assert.Equal(2, most);
        Assert.Equal(6, _book.Receipts.Count);
    }

    [Fact]
    public async Task Keys_never_reach_receipts_or_exceptions()
    {
        const string Secret = "correct-horse-battery";
        var model = new ScriptedChatClient().Otherwise(_ => ScriptedReply.Fails(new HttpRequestException($"Bearer sk-abcdefghijklmnop1234 and {Secret} were refused", null, HttpStatusCode.Unauthorized)));
        using var registered = new RegisteredModel("m", () => model);
        var models = new MeteredModels([registered], _book, _time, new SeededRandom(1), redactor: new Redactor(Secret));

        var failure = await Assert.ThrowsAsync<ModelFailedException>(() => models.Get("m").GetResponseAsync(Hello));

        foreach (var text in new[] { failure.ToString(), _book.Receipts[1].Error })
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-abc", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Prompt_id_and_hash_are_recorded_and_not_sent()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");
        var options = new ChatOptions { AdditionalProperties = new() { [PromptKeys.Id] = "code_edit/1", [PromptKeys.Hash] = "abc", ["own"] = 1 } };

        await Client(model).GetResponseAsync(Hello, options);

        Assert.Equal(("code_edit/1", "abc"), (_book.Intents[0].Prompt, _book.Intents[0].PromptHash));
        Assert.Equal(["own"], model.Requests[0].Options!.AdditionalProperties!.Keys);
        Assert.Equal(3, options.AdditionalProperties.Count);
    }

    [Fact]
    public async Task A_request_without_a_prompt_id_is_identified_by_its_system_message()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "ok");

        await Client(model).GetResponseAsync([new ChatMessage(ChatRole.System, "You decide."), .. Hello]);

        Assert.Equal(ModelRequest.HashOf("You decide."), _book.Intents[0].PromptHash);
    }

    [Fact]
    public async Task Streaming_yields_the_recorded_reply()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "one reply");

        var text = "";
        await foreach (var update in Client(model).GetStreamingResponseAsync(Hello))
        {
            Assert.Single(_book.Receipts);
            text += update.Text;
        }

        Assert.Equal("one reply", text);
    }

    [Fact]
    public void The_client_behind_is_not_handed_out()
    {
        var client = Client(new ScriptedChatClient());

        Assert.Null(client.GetService(typeof(ScriptedChatClient)));
        Assert.Equal("scripted", ((ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!).ProviderName);
    }

    [Fact]
    public void An_unknown_model_is_named_together_with_those_that_are_known()
    {
        using var registered = new RegisteredModel("coder", () => new ScriptedChatClient());

        var failure = Assert.Throws<OrchestratorException>(() => new MeteredModels([registered], _book, _time, new SeededRandom(1)).Get("strong"));

        Assert.Contains("'strong'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("coder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_cannot_be_made_is_an_error_before_anything_is_recorded()
    {
        using var registered = new RegisteredModel("m", () => throw new InvalidOperationException("There is no key."));

        var failure = await Assert.ThrowsAsync<ModelFailedException>(
            () => new MeteredModels([registered], _book, _time, new SeededRandom(1)).Get("m").GetResponseAsync(Hello));

        Assert.Contains("There is no key.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_book.Intents);
    }

    private IChatClient Client(IChatClient model, ModelOptions? options = null, AttemptBook? book = null) =>
        new MeteredModels([new RegisteredModel("m", () => model, options)], book ?? _book, _time, new SeededRandom(1), _progress.Add).Get("m");
}
