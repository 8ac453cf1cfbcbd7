using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Orchestrator.Testing;

/// <summary>A model that says what a test tells it to, and keeps a log of its own of everything it was asked.</summary>
/// <remarks>
/// Safe for concurrent use. Rules are tried in the order they were added; one whose replies are used up is passed over. A request that no rule answers throws,
/// so that a test notices. One instance may serve any number of hosts, one after the other, so that requests can be counted across a crash.
/// </remarks>
/// <example><code>
/// var model = new ScriptedChatClient()
///     .On("analysis", """{"status":"success","likely_files":[{"path":"src/Drafts.cs"}],"hypotheses":[]}""")
///     .On("code_edit", request => request.Earlier == 0 ? ScriptedReply.Fails(new IOException("broken")) : Edit);
/// </code></example>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private readonly List<ScriptedRequest> _requests = [];

    /// <summary>Makes a model without any rules.</summary>
    /// <param name="time">Delays run on it; the system's clock without one.</param>
    public ScriptedChatClient(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>What the model calls itself.</summary>
    public string ModelId { get; init; } = "scripted-1";

    /// <summary>Every request so far, in the order they came.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many requests named that role.</summary>
    public int Count(string role) => Requests.Count(request => request.Role == role);

    /// <summary>Answers the requests of one role with these replies, each once, in order.</summary>
    public ScriptedChatClient On(string role, params ScriptedReply[] replies)
    {
        var left = new Queue<ScriptedReply>(replies);
        return Add(new Rule($"'{role}', {replies.Length} replies", request => request.Role == role && left.Count > 0, _ => left.Dequeue(), IsSequence: true));
    }

    /// <summary>Answers every request of one role.</summary>
    public ScriptedChatClient On(string role, Func<ScriptedRequest, ScriptedReply> reply) =>
        Add(new Rule($"'{role}'", request => request.Role == role, reply));

    /// <summary>Answers every request that a condition holds for.</summary>
    public ScriptedChatClient On(Func<ScriptedRequest, bool> condition, Func<ScriptedRequest, ScriptedReply> reply) => Add(new Rule("a condition", condition, reply));

    /// <summary>Answers everything that no earlier rule answers.</summary>
    public ScriptedChatClient Otherwise(Func<ScriptedRequest, ScriptedReply> reply) => On(_ => true, reply);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (request, reply) = Take([.. messages], options);
        cancellationToken.ThrowIfCancellationRequested();
        await WaitAsync(reply.Delay, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } failure && reply.BreaksAfter is null)
        {
            throw failure;
        }

        var text = reply.BreaksAfter is { } limit && limit < reply.Text.Length ? reply.Text[..limit] : reply.Text;
        for (var start = 0; start < text.Length; start += reply.PieceLength)
        {
            if (start > 0)
            {
                await WaitAsync(reply.DelayBetween, cancellationToken).ConfigureAwait(false);
            }

            yield return Update(request, new TextContent(text.Substring(start, Math.Min(reply.PieceLength, text.Length - start))));
        }

        if (reply.BreaksAfter is not null)
        {
            throw reply.Failure ?? new IOException("The scripted stream broke off.");
        }

        if (reply.FallsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
        }

        foreach (var call in reply.ToolCalls)
        {
            yield return Update(request, call);
        }

        var last = Update(request);
        last.FinishReason = reply.ToolCalls.Count > 0 ? ChatFinishReason.ToolCalls : reply.FinishReason;
        if (!reply.ReportsNoUsage)
        {
            var usage = reply.Usage ?? new TokenUsage(1 + (request.Text.Length / 4), 1 + (reply.Text.Length / 4));
            last.Contents.Add(new UsageContent(new UsageDetails { InputTokenCount = usage.Input, OutputTokenCount = usage.Output, TotalTokenCount = usage.Total }));
        }

        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, ModelId)
            : null;
    }

    /// <summary>Does nothing: the log outlives the hosts.</summary>
    public void Dispose()
    {
    }

    private ScriptedChatClient Add(Rule rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }

        return this;
    }

    private (ScriptedRequest Request, ScriptedReply Reply) Take(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var (role, version) = ScriptedRequest.RoleOf(options);
        Rule? rule;
        ScriptedRequest request;
        lock (_gate)
        {
            var earlier = _requests.Count(each => each.Role == role);
            request = new ScriptedRequest(_requests.Count + 1, role, messages, options) { Version = version, Earlier = earlier };
            _requests.Add(request);
            rule = _rules.Find(each => each.Condition(request));
            if (rule is { IsSequence: true })
            {
                return (request, rule.Reply(request));
            }
        }

        // A function of the test's may take its time, or ask this client for its log.
        return rule is null ? throw new InvalidOperationException(NoRule(request)) : (request, rule.Reply(request));
    }

    private string NoRule(ScriptedRequest request)
    {
        var start = request.LastText.Length > 400 ? request.LastText[..400] + "…" : request.LastText;
        var rules = _rules.Count == 0 ? "There are no rules." : "Rules: " + string.Join("; ", _rules.Select(rule => rule.Name)) + ".";
        return $"Request {request.Number} (role '{request.Role}') is not scripted, or its replies are used up. {rules} "
            + $"Add .On(\"{request.Role}\", …). The request's last message begins: {start}";
    }

    private ValueTask WaitAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay > TimeSpan.Zero ? new ValueTask(Task.Delay(delay, _time, cancellationToken)) : ValueTask.CompletedTask;

    private ChatResponseUpdate Update(ScriptedRequest request, params AIContent[] contents) => new(ChatRole.Assistant, [.. contents])
    {
        ModelId = ModelId,
        ResponseId = $"scripted-{request.Number}",
        MessageId = $"scripted-{request.Number}",
    };

    /// <summary>Replies from a sequence must be taken while nobody else looks.</summary>
    private sealed record Rule(string Name, Func<ScriptedRequest, bool> Condition, Func<ScriptedRequest, ScriptedReply> Reply, bool IsSequence = false);
}
