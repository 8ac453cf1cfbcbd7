using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Tests;

/// <summary>A real HTTP server on this machine that does what a test wants, the things included that no honest server does.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<LoopbackRequest, LoopbackReply> _reply;
    private readonly Task _accepting;

    public LoopbackServer(Func<LoopbackRequest, LoopbackReply> reply)
    {
        _reply = reply;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public LoopbackServer(params LoopbackReply[] replies)
        : this(request => replies[Math.Min(request.Number, replies.Length) - 1])
    {
    }

    public ConcurrentQueue<LoopbackRequest> Requests { get; } = [];

    public X509Certificate2? Certificate { get; init; }

    public Uri Endpoint => new($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/v1");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (Certificate is not null)
            {
                stream = new SslStream(stream);
                await ((SslStream)stream).AuthenticateAsServerAsync(Certificate);
            }

            var request = await ReadAsync(stream);
            Requests.Enqueue(request);
            var reply = _reply(request);
            var head = new StringBuilder($"HTTP/1.1 {reply.Status} Said\r\nConnection: close\r\n");
            foreach (var (name, value) in reply.Headers)
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }

            head.Append("Transfer-Encoding: chunked\r\n\r\n");
            if (!reply.SaysNothing)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _stop.Token);
            }

            foreach (var piece in reply.Pieces)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), _stop.Token);
                await stream.WriteAsync(piece, _stop.Token);
                await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
                await stream.FlushAsync(_stop.Token);
            }

            if (reply.Hangs)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }

            if (!reply.BreaksOff)
            {
                await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<LoopbackRequest> ReadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count < 4 || Encoding.ASCII.GetString([.. bytes.TakeLast(4)]) != "\r\n\r\n")
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            bytes.Add(one[0]);
            if (bytes[0] == 0x16)
            {
                throw new IOException("Somebody speaks TLS to a server that does not.");
            }
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new LoopbackRequest(Requests.Count + 1, lines[0], headers, Encoding.UTF8.GetString(body));
    }
}

internal sealed record LoopbackRequest(int Number, string Line, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public bool Has(string member) => Json.TryGetProperty(member, out _);
}

internal sealed record LoopbackReply(int Status, params byte[][] Pieces)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public bool BreaksOff { get; init; }

    public bool Hangs { get; init; }

    public bool SaysNothing { get; init; }

    public static LoopbackReply Json(int status, string body, params (string Name, string Value)[] headers) => new(status, Encoding.UTF8.GetBytes(body))
    {
        Headers = headers.Append(("Content-Type", "application/json")).ToDictionary(pair => pair.Item1, pair => pair.Item2),
    };

    public static LoopbackReply Error(int status, string message, params (string Name, string Value)[] headers) =>
        Json(status, JsonSerializer.Serialize(new { error = new { message, type = "invalid_request_error" } }), headers);

    /// <summary>Server-sent events, each in a piece of its own.</summary>
    public static LoopbackReply Events(params string[] data) => new(200, [.. data.Select(each => Encoding.UTF8.GetBytes($"data: {each}\n\n"))])
    {
        Headers = new() { ["Content-Type"] = "text/event-stream" },
    };

    /// <summary>A reply of that text in small pieces, with usage, as OpenAI streams it.</summary>
    public static LoopbackReply Says(string text, int input = 11, int output = 7) => Events(
    [
        Delta(new { role = "assistant", content = "" }),
        .. text.Chunk(5).Select(piece => Delta(new { content = new string(piece) })),
        """{"id":"r1","model":"coder-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        JsonSerializer.Serialize(new { id = "r1", model = "coder-1", choices = Array.Empty<int>(), usage = new { prompt_tokens = input, completion_tokens = output, total_tokens = input + output } }),
        "[DONE]",
    ]);

    public static string Delta(object delta, string? end = null) =>
        JsonSerializer.Serialize(new { id = "r1", model = "coder-1", choices = new[] { new { index = 0, delta, finish_reason = end } } });
}
