using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Orchestrator.Docs.Tests.Web;

/// <summary>Talks to the web sample as its users do.</summary>
internal sealed class BugClient(Uri address) : IDisposable
{
    // Generous: it only ends a test that would never end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public HttpClient Http { get; } = new() { BaseAddress = address, Timeout = Patience };

    public async Task<string> ReportAsync(string title)
    {
        using var answer = await Http.PostAsJsonAsync("/bugs", new { title, log = "it printed .txt" });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    public async Task<JsonElement> ShowAsync(string bug) => await Http.GetFromJsonAsync<JsonElement>(bug);

    /// <summary>Says yes or no to what the bug's run asks.</summary>
    public async Task AnswerAsync(string bug, string answer)
    {
        var call = (await ShowAsync(bug)).GetProperty("questions")[0].GetProperty("call").GetString();
        using var taken = await Http.PostAsJsonAsync($"{bug}/answers/{call}", new { answer, by = "a person" });
        Assert.True(taken.StatusCode == HttpStatusCode.Accepted, await taken.Content.ReadAsStringAsync());
    }

    /// <summary>The events after one of them, up to and with one of a kind; to the end without one.</summary>
    public async Task<IReadOnlyList<SseItem<string>>> WatchAsync(string bug, long after = 0, string until = "")
    {
        using var patience = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, bug + "/events");
        if (after > 0)
        {
            request.Headers.Add("Last-Event-ID", $"{after}");
        }

        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var seen = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(patience.Token)).EnumerateAsync(patience.Token))
        {
            seen.Add(item);
            if (until.Length > 0 && item.EventType.StartsWith(until, StringComparison.Ordinal))
            {
                break;
            }
        }

        return seen;
    }

    public void Dispose() => Http.Dispose();
}
