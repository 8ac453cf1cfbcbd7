using System.Text;
using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Reads one streamed reply to its end, to its first long silence, or until it breaks off; what arrived is kept in every case.</summary>
internal sealed class StreamedReply(TimeProvider time, TimeSpan idleTimeout, Action<string> progress)
{
    /// <summary>More than any model can mean: a server that never stops talking must not fill this process's memory.</summary>
    public const int MaxCharacters = 16 * 1024 * 1024;

    private readonly List<ChatResponseUpdate> _updates = [];
    private readonly StringBuilder _text = new();

    /// <summary>The text that has arrived so far.</summary>
    public string Text => _text.ToString();

    public bool HasBegun => _updates.Count > 0;

    public ChatResponse Response => _updates.ToChatResponse();

    /// <exception cref="TimeoutException">The other side was silent for too long.</exception>
    /// <exception cref="IOException">The reply is longer than any reply can be.</exception>
    public async Task ReadAsync(IChatClient client, ModelRequest request, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stream = client.GetStreamingResponseAsync(request.Messages, request.Options, stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool>? pending = null;
        try
        {
            while (true)
            {
                pending = stream.MoveNextAsync().AsTask();
                try
                {
                    if (!await pending.WaitAsync(idleTimeout, time, cancellationToken).ConfigureAwait(false))
                    {
                        return;
                    }
                }
                catch (TimeoutException) when (!pending.IsCompleted)
                {
                    throw new TimeoutException($"nothing arrived for {idleTimeout.TotalSeconds:0} seconds{(HasBegun ? $" after {_text.Length} characters" : "")}");
                }

                Take(stream.Current);
            }
        }
        finally
        {
            await LeaveAsync(stream, pending, stop).ConfigureAwait(false);
        }
    }

    private void Take(ChatResponseUpdate update)
    {
        _updates.Add(update);
        if (update.Text is { Length: > 0 } delta)
        {
            _text.Append(delta);
            progress(delta);
        }

        if (_text.Length > MaxCharacters)
        {
            throw new InvalidDataException($"the reply is longer than {MaxCharacters} characters; reading was given up");
        }
    }

    private static async ValueTask LeaveAsync(IAsyncEnumerator<ChatResponseUpdate> stream, Task<bool>? pending, CancellationTokenSource stop)
    {
        if (pending is null or { IsCompleted: true })
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            stop.Dispose();
            return;
        }

        // A client that does not heed its token must not hold up the call: it is told to stop and left to itself.
        _ = pending.ContinueWith(
            async (done, _) =>
            {
                _ = done.Exception;
                try
                {
                    await stream.DisposeAsync().ConfigureAwait(false);
                }
                catch (Exception)
                {
                    // Nobody waits for it any more.
                }

                stop.Dispose();
            },
            null,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await stop.CancelAsync().ConfigureAwait(false);
    }
}
