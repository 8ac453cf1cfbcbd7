using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Tests;

/// <summary>Servers that refuse, fail, hang, break off or lie.</summary>
public sealed class FaultTests
{
    private static readonly ModelOptions OneTry = new() { MaxRetries = 0 };

    [Fact]
    public async Task A_refused_connection_is_tried_again_and_then_named()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var asked = new Asked(new Uri($"http://127.0.0.1:{port}/v1"), limits: new ModelOptions { MaxRetries = 2 });

        var failure = await asked.FailAsync();

        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3, asked.Book.Receipts.Count);
        Assert.All(asked.Book.Receipts.Values, receipt => Assert.Equal(default, receipt.Usage));
    }

    [Theory]
    [InlineData(401, "Incorrect API key", "Check the key in the environment variable ")]
    [InlineData(403, "Not for you", "may not use this model")]
    [InlineData(404, "The model `coder` does not exist", "Check the name of the model ('coder') and the address")]
    public async Task What_will_not_pass_is_said_once_with_what_to_do(int status, string said, string advice)
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(status, said));
        using var asked = new Asked(server.Endpoint);

        var failure = await asked.FailAsync();

        Assert.Contains($"HTTP {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal(default, asked.Book.Receipts[1].Usage);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("retry-after-ms", "2500", 2.5)]
    public async Task A_busy_server_is_left_alone_for_as_long_as_it_asks(string header, string value, double seconds)
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(429, "Slow down", (header, value)), LoopbackReply.Says("Now."));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Now.", response.Text);
        Assert.Contains(TimeSpan.FromSeconds(seconds), asked.Time.Waits);
        Assert.Equal(2, asked.Book.Intents.Count);
    }

    [Fact]
    public async Task A_date_to_come_back_at_is_read_by_the_servers_own_clock()
    {
        await using var server = new LoopbackServer(
            LoopbackReply.Error(503, "Later", ("Date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("Retry-After", "Wed, 21 Oct 2015 07:28:12 GMT")),
            LoopbackReply.Says("Now."));
        using var asked = new Asked(server.Endpoint);

        await asked.AskAsync();

        Assert.Contains(TimeSpan.FromSeconds(12), asked.Time.Waits);
    }

    [Fact]
    public async Task A_busy_server_that_names_no_time_is_asked_again_after_a_while()
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(429, "Slow down"), LoopbackReply.Says("Now."));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Now.", response.Text);
        Assert.Contains(asked.Time.Waits, wait => wait >= TimeSpan.FromSeconds(0.5) && wait <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Two_failures_of_the_server_cost_two_attempts_and_no_money()
    {
        await using var server = new LoopbackServer(LoopbackReply.Error(500, "Oops"), LoopbackReply.Error(502, "Oops"), LoopbackReply.Says("Good.", input: 5, output: 1));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Good.", response.Text);
        Assert.Equal([0m, 0m, 6m], asked.Book.Receipts.OrderBy(pair => pair.Key).Select(pair => pair.Value.Cost));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_keeps_its_text_and_is_asked_for_again()
    {
        await using var server = new LoopbackServer(
            LoopbackReply.Events(LoopbackReply.Delta(new { content = "half a rep" })) with { BreaksOff = true },
            LoopbackReply.Says("Whole."));
        using var asked = new Asked(server.Endpoint);

        var response = await asked.AskAsync();

        Assert.Equal("Whole.", response.Text);
        Assert.Equal("half a rep", asked.Book.Receipts[1].Reply.Inline.GetString());
        Assert.NotEqual(default, asked.Book.Receipts[1].Usage);
    }

    [Fact]
    public async Task A_stream_that_ends_in_good_order_before_its_end_is_broken_too()
    {
        await using var server = new LoopbackServer(LoopbackReply.Events(LoopbackReply.Delta(new { content = "half" })), LoopbackReply.Says("Whole."));
        using var asked = new Asked(server.Endpoint);

        Assert.Equal("Whole.", (await asked.AskAsync()).Text);
        Assert.Contains("before its end", asked.Book.Receipts[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_stream_is_an_error()
    {
        await using var server = new LoopbackServer(
            LoopbackReply.Events(LoopbackReply.Delta(new { content = "half" }), """{"error":{"message":"overloaded","code":503}}"""),
            LoopbackReply.Says("Whole."));
        using var asked = new Asked(server.Endpoint);

        Assert.Equal("Whole.", (await asked.AskAsync()).Text);
        Assert.Contains("overloaded", asked.Book.Receipts[1].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_hangs_is_given_up(bool beforeItsHeaders)
    {
        var hung = LoopbackReply.Events(beforeItsHeaders ? [] : [LoopbackReply.Delta(new { content = "and then" })]) with { Hangs = true, SaysNothing = beforeItsHeaders };
        await using var server = new LoopbackServer(LoopbackReply.Says("Awake."), hung);
        using (var awake = new Asked(server.Endpoint))
        {
            // What has to be compiled first is compiled by now, so that the short wait below is a server's.
            await awake.AskAsync();
        }

        using var asked = new Asked(server.Endpoint, limits: OneTry with { IdleTimeout = TimeSpan.FromSeconds(30) });

        var failure = await asked.FailAsync();

        Assert.Contains("nothing arrived for 30 seconds", failure.Message, StringComparison.Ordinal);
        Assert.Equal(beforeItsHeaders ? JsonValueKind.Undefined : JsonValueKind.String, asked.Book.Receipts[1].Reply.Inline.ValueKind);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_and_the_key_goes_nowhere_else(int status)
    {
        await using var elsewhere = new LoopbackServer(LoopbackReply.Says("Give me the key."));
        await using var server = new LoopbackServer(LoopbackReply.Json(status, "", ("Location", $"{elsewhere.Endpoint}/chat/completions?key=1")));
        using var asked = new Asked(server.Endpoint);

        var failure = await asked.FailAsync();

        Assert.Contains($"It points to {elsewhere.Endpoint}/chat/completions, which was not followed", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_said_once()
    {
        await using var server = new LoopbackServer(LoopbackReply.Says("Plain."));
        using var asked = new Asked(new UriBuilder(server.Endpoint) { Scheme = "https" }.Uri);

        var failure = await asked.FailAsync();

        Assert.Contains("no secure connection", failure.Message, StringComparison.Ordinal);
        Assert.Single(asked.Book.Intents);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_said_once()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = new LoopbackServer(LoopbackReply.Says("Trust me.")) { Certificate = certificate };
        using var asked = new Asked(server.Endpoint);

        var failure = await asked.FailAsync();

        Assert.Contains("no secure connection", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Single(asked.Book.Intents);
    }

    [Fact]
    public async Task A_reply_in_an_encoding_that_it_names_is_read_rightly()
    {
        var text = $"data: {LoopbackReply.Delta(new { content = "x" }, "stop").Replace("\"x\"", "\"Grüße\"", StringComparison.Ordinal)}\n\n";
        await using var server = new LoopbackServer(new LoopbackReply(200, Encoding.Latin1.GetBytes(text)) { Headers = new() { ["Content-Type"] = "text/event-stream; charset=iso-8859-1" } });
        using var asked = new Asked(server.Endpoint);

        Assert.Equal("Grüße", (await asked.AskAsync()).Text);
    }

    [Fact]
    public async Task A_reply_in_an_encoding_that_it_does_not_name_is_refused_instead_of_damaged()
    {
        var text = $"data: {LoopbackReply.Delta(new { content = "x" }, "stop").Replace("\"x\"", "\"Grüße\"", StringComparison.Ordinal)}\n\n";
        await using var server = new LoopbackServer(new LoopbackReply(200, Encoding.Latin1.GetBytes(text)) { Headers = new() { ["Content-Type"] = "text/event-stream" } });
        using var asked = new Asked(server.Endpoint);

        Assert.Contains("not in UTF-8", (await asked.FailAsync()).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_page_that_is_no_chat_api_is_said_to_be_none()
    {
        await using var server = new LoopbackServer(new LoopbackReply(200, "<html>Welcome</html>"u8.ToArray()) { Headers = new() { ["Content-Type"] = "text/html" } });
        using var asked = new Asked(server.Endpoint, limits: OneTry);

        Assert.Contains("chat API", (await asked.FailAsync()).Message, StringComparison.Ordinal);
    }
}
