using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using WebHost;

namespace Orchestrator.Docs.Tests.Web;

/// <summary>The web sample over real HTTP on the loopback address, with real git, tests and journal.</summary>
public sealed partial class WebHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-web-").FullName;

    private string[] Settings => ["--urls", "http://127.0.0.1:0", "--Bugs:Folder", _folder, "--Logging:LogLevel:Default", "Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_bugs_at_once_are_fixed_after_a_person_said_yes()
    {
        await using var app = await BugHost.BuildAsync(Settings);
        using var client = await StartAsync(app);

        string[] bugs = [await client.ReportAsync("Drafts without a title get no name"), await client.ReportAsync("A draft is called .txt")];
        foreach (var bug in bugs)
        {
            var asked = await client.WatchAsync(bug, until: "question.asked");
            await client.AnswerAsync(bug, "yes");
            var rest = await client.WatchAsync(bug, after: asked.Count);
            using var nothing = new HttpRequestMessage(HttpMethod.Get, bug + "/events") { Headers = { { "Last-Event-ID", rest[^1].EventId! } } };
            using var over = await client.Http.SendAsync(nothing);

            Assert.Equal(Enumerable.Range(1, asked.Count + rest.Count).Select(number => $"{number}"), asked.Concat(rest).Select(item => item.EventId));
            Assert.StartsWith("run.finished/", rest[^1].EventType, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
            var view = await client.ShowAsync(bug);
            Assert.Equal("succeeded", view.GetProperty("status").GetString());
            Assert.False(view.GetProperty("before").GetProperty("green").GetBoolean());
            Assert.True(view.GetProperty("after").GetProperty("green").GetBoolean());
            Assert.Contains("+title=${1:-Untitled}", await client.Http.GetStringAsync(bug + "/diff"), StringComparison.Ordinal);
            Assert.Contains("by a person", await client.Http.GetStringAsync(bug + "/transcript"), StringComparison.Ordinal);
        }

        var listed = await client.Http.GetFromJsonAsync<List<System.Text.Json.JsonElement>>("/bugs");
        Assert.Equal(["A draft is called .txt", "Drafts without a title get no name"], listed!.Select(bug => bug.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task A_no_and_a_cancellation_leave_nothing_behind_to_hand_over()
    {
        await using var app = await BugHost.BuildAsync(Settings);
        using var client = await StartAsync(app);

        string[] bugs = [await client.ReportAsync("Not this way"), await client.ReportAsync("Never mind")];
        await client.WatchAsync(bugs[0], until: "question.asked");
        await client.AnswerAsync(bugs[0], "no");
        await client.WatchAsync(bugs[1], until: "question.asked");
        using var cancelled = await client.Http.DeleteAsync(new Uri(bugs[1] + "?reason=Fixed+by+hand", UriKind.Relative));
        foreach (var bug in bugs)
        {
            await client.WatchAsync(bug);
        }

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.NotEqual("succeeded", (await client.ShowAsync(bugs[0])).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await client.ShowAsync(bugs[1])).GetProperty("status").GetString());
        Assert.Equal("", await client.Http.GetStringAsync(bugs[0] + "/diff"));
    }

    [Fact]
    public async Task A_killed_host_is_started_again_and_the_run_goes_on_where_it_was()
    {
        string bug;
        int seen;
        using (var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "WebHost.dll"), .. Settings]) { RedirectStandardOutput = true })!)
        {
            try
            {
                using var before = new BugClient(await AddressAsync(process.StandardOutput));
                bug = await before.ReportAsync("Drafts without a title get no name");
                seen = (await before.WatchAsync(bug, until: "run.paused")).Count;
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }

        await using var app = await BugHost.BuildAsync(Settings);
        using var client = await StartAsync(app);
        await client.AnswerAsync(bug, "yes");
        var rest = await client.WatchAsync(bug, after: seen);

        Assert.Equal($"{seen + 1}", rest[0].EventId);
        Assert.Equal("succeeded", (await client.ShowAsync(bug)).GetProperty("status").GetString());
        Assert.DoesNotContain(rest, item => item.Data.Contains("\"capability\":\"analysis\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bad_input_is_told_as_problem_details()
    {
        await using var app = await BugHost.BuildAsync(Settings);
        using var client = await StartAsync(app);
        const string Nobody = "/bugs/00000000000000000000000000000001";
        (HttpMethod Method, string Path, string? Body, HttpStatusCode Status, string Words)[] requests =
        [
            (HttpMethod.Post, "/bugs", """{"title":" "}""", HttpStatusCode.BadRequest, "Say in 1 to 2000 characters"),
            (HttpMethod.Post, "/bugs", "{}", HttpStatusCode.BadRequest, "Say in 1 to 2000 characters"),
            (HttpMethod.Post, "/bugs", $$"""{"title":"T","log":"{{new string('x', 70_000)}}"}""", HttpStatusCode.BadRequest, "At most 65536"),
            (HttpMethod.Post, "/bugs", """{"title":""", HttpStatusCode.BadRequest, "JSON"),
            (HttpMethod.Get, "/bugs/nonsense", null, HttpStatusCode.BadRequest, "nonsense"),
            (HttpMethod.Get, Nobody, null, HttpStatusCode.NotFound, "There is no run"),
            (HttpMethod.Get, Nobody + "/events", null, HttpStatusCode.NotFound, "There is no run"),
            (HttpMethod.Delete, Nobody, null, HttpStatusCode.NotFound, "There is no run"),
            (HttpMethod.Post, Nobody + "/answers/c1", """{"answer":"yes"}""", HttpStatusCode.NotFound, "There is no run"),
            (HttpMethod.Get, "/elsewhere", null, HttpStatusCode.NotFound, "Not Found"),
        ];

        foreach (var (method, path, body, status, words) in requests)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await client.Http.SendAsync(request);

            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode} {text}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(words, text, StringComparison.Ordinal);
        }
    }

    private static async Task<BugClient> StartAsync(WebApplication app)
    {
        await app.StartAsync();
        return new BugClient(new Uri(app.Urls.Single()));
    }

    private static async Task<Uri> AddressAsync(StreamReader output)
    {
        while (await output.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            if (Address().Match(line) is { Success: true } found)
            {
                return new Uri(found.Value);
            }
        }

        throw new InvalidOperationException("The host ended before it listened.");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
