using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator;

namespace WebHost;

/// <summary>A run's events as server-sent events. The id is the sequence, so a client that lost its connection goes on where it was.</summary>
internal static class BugEvents
{
    public static async IAsyncEnumerable<SseItem<JsonElement>> FollowAsync(
        IOrchestrator orchestrator, RunId run, long from, CancellationToken hostStops, [EnumeratorCancellation] CancellationToken clientGone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(hostStops, clientGone);
        await using var events = orchestrator.WatchAsync(run, from, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await MoveNextAsync(events))
        {
            var data = new ArrayBufferWriter<byte>();
            events.Current.Event.WriteJson(data);
            yield return new SseItem<JsonElement>(JsonElement.Parse(data.WrittenSpan), RunEvent.KindOf(events.Current.Event)) { EventId = $"{events.Current.Sequence}" };
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<RunEvent.Recorded> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            // The host stops or the client has gone. The stream ends; the run goes on.
            return false;
        }
    }
}
