using System.Threading.Channels;

namespace Orchestrator.Benchmarks;

/// <summary>The least that two tasks need to hand work back and forth: the floor for any engine whose workers do not run inside its loop.</summary>
internal static class ChannelLoop
{
    public static async Task<object> RunAsync(int steps)
    {
        var requests = Channel.CreateBounded<int>(1);
        var replies = Channel.CreateBounded<int>(1);
        var worker = Task.Run(async () =>
        {
            await foreach (var request in requests.Reader.ReadAllAsync())
            {
                await replies.Writer.WriteAsync(request + 1);
            }
        });
        var sum = 0L;
        for (var step = 0; step < steps; step++)
        {
            await requests.Writer.WriteAsync(step);
            sum += await replies.Reader.ReadAsync();
        }

        requests.Writer.Complete();
        await worker;
        return sum;
    }
}
