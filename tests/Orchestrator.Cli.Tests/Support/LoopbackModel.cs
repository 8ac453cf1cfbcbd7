using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>A server on this machine that speaks OpenAI's chat API and says what a scripted model says.</summary>
internal sealed class LoopbackModel : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ScriptedChatClient _script;
    private readonly Task _serving;

    public LoopbackModel(ScriptedChatClient script)
    {
        _script = script;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/v1";
        }

        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    /// <summary>The authorization headers that came.</summary>
    public ConcurrentBag<string> Keys { get; } = [];

    /// <summary>Answers every request with this status instead.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Keys.Add(context.Request.Headers["Authorization"] ?? "");
        using var request = await JsonDocument.ParseAsync(context.Request.InputStream);
        context.Response.StatusCode = (int)Status;
        if (Status == HttpStatusCode.OK)
        {
            var name = request.RootElement.GetProperty("response_format").GetProperty("json_schema").GetProperty("name").GetString();
            var messages = request.RootElement.GetProperty("messages").EnumerateArray().Select(message => new ChatMessage(ChatRole.User, message.GetProperty("content").ToString())).ToList();
            var reply = await _script.GetResponseAsync(messages, new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}"), name) });
            context.Response.ContentType = "text/event-stream";
            await WriteAsync(context, Chunk(new { role = "assistant", content = reply.Text }, null));
            await WriteAsync(context, Chunk(new { }, "stop"));
            await WriteAsync(context, "[DONE]");
        }

        context.Response.Close();
    }

    private static string Chunk(object delta, string? finish) => JsonSerializer.Serialize(new
    {
        id = "1", @object = "chat.completion.chunk", created = 1, model = "loopback",
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
        usage = finish is null ? null : new { prompt_tokens = 100, completion_tokens = 10, total_tokens = 110 },
    });

    private static async Task WriteAsync(HttpListenerContext context, string data) =>
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
}
