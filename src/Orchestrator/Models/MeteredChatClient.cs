using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Reserves, records, caps, sends, retries and settles every request to one model on behalf of one call or decision.</summary>
/// <remarks>A reply is handed on only once its receipt is recorded, so nothing can be built on a reply that a crash would lose.</remarks>
internal sealed class MeteredChatClient(
    RegisteredModel model,
    IAttemptLog log,
    TimeProvider time,
    IRandomSource random,
    Action<string> progress,
    Redactor redactor) : IChatClient
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var ended = log.Ended.CanBeCanceled && log.Ended != cancellationToken ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, log.Ended) : null;
        cancellationToken = ended?.Token ?? cancellationToken;
        var request = ModelRequest.Of(model, messages, options);
        var failures = 0;
        while (log.TryTakeReceipt(request.Hash, out var receipt))
        {
            if (receipt.Succeeded)
            {
                return ReplyJson.Read(await log.ReadAsync(receipt.Reply, cancellationToken).ConfigureAwait(false));
            }

            ThrowIfLast(ModelFailure.FromReceipt(receipt.Error), ++failures, null);
        }

        while (true)
        {
            var attempt = await AttemptAsync(request, cancellationToken).ConfigureAwait(false);
            if (attempt.Response is { } response)
            {
                return response;
            }

            ThrowIfLast(attempt.Failure!, ++failures, attempt.Exception);
            await Task.Delay(WaitBefore(failures, attempt.Failure!.RetryAfter), time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    /// <summary>Tells about the model, but never hands out the client behind: requests through that would be neither counted nor recorded.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : serviceKey is null && serviceType == typeof(ModelOptions) ? model.Options
            : serviceType == typeof(ChatClientMetadata) ? model.Client.GetService(serviceType, serviceKey)
            : null;
    }

    public void Dispose()
    {
        // The client behind belongs to the registration.
    }

    private async Task<Answer> AttemptAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var client = Client();
        var intent = new WorkerCall.Intent(WorkerCall.AttemptKind.Model, model.Name, request.Hash)
        {
            Prompt = request.Prompt,
            PromptHash = request.PromptHash,
            HeldTokens = request.Ceiling,
            HeldCost = model.Options.Price?.Of(request.Ceiling),
        };
        var number = await log.StartAsync(intent, cancellationToken).ConfigureAwait(false);
        var reply = new StreamedReply(time, model.Options.IdleTimeout, progress);
        var began = time.GetTimestamp();
        var wasSent = false;
        try
        {
            await model.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                wasSent = true;
                await reply.ReadAsync(client, request, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                model.Gate.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!log.IsStopping)
            {
                await FailAsync(number, request, reply, began, new ModelFailure(true, "the call was cancelled", WasRefused: !wasSent)).ConfigureAwait(false);
            }

            throw;
        }
        catch (Exception e)
        {
            var failure = Describe(e);
            await FailAsync(number, request, reply, began, failure).ConfigureAwait(false);
            return new Answer(null, failure, e);
        }

        return new Answer(await SucceedAsync(number, request, reply.Response, began).ConfigureAwait(false));
    }

    /// <summary>A client that cannot be made is found out before anything is recorded or reserved.</summary>
    private IChatClient Client()
    {
        try
        {
            return model.Client;
        }
        catch (Exception e)
        {
            var failure = Describe(e);
            throw new ModelFailedException(model.Name, "its client could not be made: " + failure.Message, Harmless(e, failure));
        }
    }

    private ModelFailure Describe(Exception exception)
    {
        var failure = ModelFailure.Of(exception);
        return failure with { Message = redactor.Redact(failure.Message) };
    }

    private async Task<ChatResponse> SucceedAsync(int number, ModelRequest request, ChatResponse response, long began)
    {
        var json = ReplyJson.Write(response);
        var usage = new TokenUsage(response.Usage?.InputTokenCount ?? request.Ceiling.Input, response.Usage?.OutputTokenCount ?? request.Ceiling.Output);
        await log.EndAsync(number, new WorkerCall.Receipt(true)
        {
            Reply = Payload.Of(json),
            Model = response.ModelId ?? "",
            Usage = usage,
            Cost = model.Options.Price?.Of(usage),
            Duration = time.GetElapsedTime(began),
        }).ConfigureAwait(false);
        return ReplyJson.Read(json);
    }

    private ValueTask FailAsync(int number, ModelRequest request, StreamedReply reply, long began, ModelFailure failure)
    {
        // Nobody knows what a request that broke off has cost; a limit that may be passed is no limit, so all that was held counts as used.
        var usage = failure.WasRefused && !reply.HasBegun ? default : request.Ceiling;
        return log.EndAsync(number, new WorkerCall.Receipt(false)
        {
            Reply = ReplyJson.Broken(reply.Text),
            Usage = usage,
            Cost = model.Options.Price?.Of(usage),
            Error = failure.ForReceipt,
            Duration = time.GetElapsedTime(began),
        });
    }

    private void ThrowIfLast(ModelFailure failure, int failures, Exception? exception)
    {
        if (!failure.IsPassing)
        {
            throw new ModelFailedException(model.Name, failure.Message, Harmless(exception, failure));
        }

        if (failures > model.Options.MaxRetries)
        {
            var tries = failures == 1 ? "" : $" (tried {failures} times)";
            throw new ModelFailedException(model.Name, failure.Message + tries, Harmless(exception, failure));
        }
    }

    /// <summary>The cause as an inner exception, unless its message holds what had to be redacted.</summary>
    private static Exception? Harmless(Exception? exception, ModelFailure failure) =>
        failure.Message.Contains(Redactor.Mark, StringComparison.Ordinal) ? null : exception;

    private TimeSpan WaitBefore(int retry, TimeSpan? asked)
    {
        if (asked is { } wait)
        {
            return wait < LongestWait ? wait : LongestWait;
        }

        var full = Math.Min(60, Math.Pow(2, retry - 1));
        return TimeSpan.FromSeconds(full * (0.5 + (0.5 * random.NextUnit())));
    }

    /// <summary>One of the two is there.</summary>
    private sealed record Answer(ChatResponse? Response, ModelFailure? Failure = null, Exception? Exception = null);
}
