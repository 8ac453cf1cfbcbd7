using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Microsoft.Extensions.AI;
using OpenAI;
using ChatClient = OpenAI.Chat.ChatClient;

namespace Orchestrator;

/// <summary>A model behind OpenAI's chat API, reached through the official client.</summary>
/// <remarks>
/// The official client carries requests: address, key, transport. Retries, time limits and concurrency are the metered client's, so they are off here. Bodies are
/// written and read by this package, because servers that only resemble OpenAI's leave out and add what the official types do not expect.
/// </remarks>
internal sealed class OpenAIChatClient : IChatClient
{
    private readonly OpenAITarget _target;
    private readonly Dialect _dialect;
    private readonly string _key;
    private readonly HttpClient _http;
    private readonly ChatClient _client;

    public OpenAIChatClient(OpenAITarget target)
    {
        _target = target;
        _dialect = new Dialect(target);
        _key = target.Key();
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect would take the prompt, and with some handlers the key, to a place that nobody named.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client = Create(target, _key, _http);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync([.. messages], options ?? new ChatOptions(), cancellationToken).ConfigureAwait(false);
        response.Headers.TryGetValue("Content-Type", out var contentType);
        await foreach (var update in ReplyStream.ReadAsync(response.ContentStream ?? Stream.Null, contentType, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", _target.Endpoint, _target.Model)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() => _http.Dispose();

    private static ChatClient Create(OpenAITarget target, string key, HttpClient http)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = target.IsAzure ? DeploymentOf(target) : target.Endpoint,
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = new HttpClientPipelineTransport(http),
        };
        if (target.Options.AzureApiVersion is { } version)
        {
            options.AddPolicy(new AzurePolicy(version, key), PipelinePosition.BeforeTransport);
        }

        return new ChatClient(target.Model, new ApiKeyCredential(key), options);
    }

    /// <summary>An address that names no deployment gets the one that is called like the model.</summary>
    private static Uri DeploymentOf(OpenAITarget target) => target.Endpoint.AbsolutePath.Contains("/deployments/", StringComparison.OrdinalIgnoreCase)
        ? target.Endpoint
        : new Uri($"{target.Endpoint.AbsoluteUri.TrimEnd('/')}/openai/deployments/{Uri.EscapeDataString(target.Model)}");

    private async Task<PipelineResponse> SendAsync(IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var said = _dialect.Describe();
            var response = await PostAsync(RequestBody.Write(_target, _dialect, messages, options), cancellationToken).ConfigureAwait(false);
            if (response.Status is >= 200 and < 300)
            {
                return response;
            }

            using (response)
            {
                var complaint = Clean(await ErrorText.ReadAsync(response.ContentStream, cancellationToken).ConfigureAwait(false));

                // Another request may have learned the same in the meantime. Every lesson is learned once, so this comes to an end.
                if (!_dialect.Learn(response.Status, complaint) && _dialect.Describe() == said)
                {
                    throw new OpenAIRequestException(response.Status, Explain(response, complaint)).WithRetryAfter(response.Headers);
                }
            }
        }
    }

    private async Task<PipelineResponse> PostAsync(BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = BinaryContent.Create(body);
            var request = new RequestOptions { BufferResponse = false, ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken };
            var result = await _client.CompleteChatAsync(content, request).ConfigureAwait(false);
            return result.GetRawResponse();
        }
        catch (Exception e) when (Insecure(e) is { } reason)
        {
            // It will be no better the next time.
            throw new OpenAIRequestException(0, Clean($"no secure connection to {_target.Endpoint.Authority}: {reason}"));
        }
        catch (Exception e) when (e is not OperationCanceledException && e.ToString().Contains(_key, StringComparison.Ordinal) && _key != OpenAITarget.Placeholder)
        {
            throw new OpenAIRequestException(0, Clean(e.Message));
        }
    }

    private string Explain(PipelineResponse response, string complaint)
    {
        var said = complaint.Length > 0 ? $": {complaint}" : "";
        var hint = response.Status switch
        {
            401 => $" Check the key in the environment variable {_target.Variable}.",
            403 => $" The key in {_target.Variable} may not use this model.",
            404 => $" Check the name of the model ('{_target.Model}') and the address; it usually ends in /v1.",
            >= 300 and < 400 => $" It points to {Clean(PlaceOf(response))}, which was not followed: give the final address as the endpoint.",
            _ => "",
        };
        return $"{_target.Endpoint.GetLeftPart(UriPartial.Path)} answered {response.Status}{said}{(said.EndsWith('.') || said.Length == 0 ? "" : ".")}{hint}";
    }

    private static string PlaceOf(PipelineResponse response) =>
        response.Headers.TryGetValue("Location", out var location) && Uri.TryCreate(location, UriKind.Absolute, out var place) ? place.GetLeftPart(UriPartial.Path) : "elsewhere";

    /// <summary>Why no secure connection came about; <see langword="null"/> where it was something else.</summary>
    private static string? Insecure(Exception exception)
    {
        for (var each = exception; each is not null; each = each.InnerException)
        {
            if (each is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            {
                return each.InnerException is { } inner ? $"{each.Message} {inner.Message}" : each.Message;
            }
        }

        return null;
    }

    private string Clean(string text) => _key == OpenAITarget.Placeholder ? text : text.Replace(_key, "[key]", StringComparison.Ordinal);
}
