using static Orchestrator.Testing.JournalProbe;

namespace Orchestrator.Testing;

/// <summary>Reading: in order, from anywhere, while others append.</summary>
internal static class ReadConformance
{
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        Case("A run that does not exist has no events", async probe =>
            Same(0, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events")),
        Case("Reading starts at the sequence asked for", async probe =>
        {
            await probe.AppendAsync(0, 0, [probe.Accepted(), .. Enumerable.Range(2, 499).Select(index => Fact($"{index}"))]).ConfigureAwait(false);

            foreach (var from in new[] { 1, 2, 8, 9, 63, 64, 65, 255, 256, 257, 499, 500 })
            {
                var events = await probe.ReadAsync(from).ConfigureAwait(false);
                Same(500 - from + 1, events.Count, $"The number of events from {from}");
                Same(from, (int)events[0].Sequence, "The first sequence");
                That(events.Zip(events.Skip(1)).All(pair => pair.Second.Sequence == pair.First.Sequence + 1), "A sequence is missing or out of order.");
            }
        }),
        Case("Reading from beyond the end yields nothing", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);

            Same(0, (await probe.ReadAsync(2).ConfigureAwait(false)).Count, "The number of events from 2 of 1");
            Same(0, (await probe.ReadAsync(1_000_000).ConfigureAwait(false)).Count, "The number of events from far beyond");
        }),
        Case("Reading goes on to what was appended while it read", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            var seen = new List<long>();
            await foreach (var recorded in probe.Journal.ReadAsync(probe.Run, 1, probe.Token).ConfigureAwait(false))
            {
                seen.Add(recorded.Sequence);
                if (recorded.Sequence < 2)
                {
                    continue;
                }

                if (seen.Count == 2)
                {
                    await probe.AppendAsync(claim.Epoch, 2, [.. Enumerable.Range(0, 200).Select(index => Fact($"{index}"))]).ConfigureAwait(false);
                }
            }

            That(seen.SequenceEqual(Enumerable.Range(1, 202).Select(number => (long)number)), $"The reading ended at {seen[^1]}, although 202 events were durable before it came to its end.");
        }),
        Case("Readers see whole prefixes while others append", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            var writing = Task.Run(
                async () =>
                {
                    for (var i = 0; i < 60; i++)
                    {
                        await probe.AppendAsync(claim.Epoch, 2 + (2 * i), Fact($"{i}"), Fact($"{i}")).ConfigureAwait(false);
                    }
                },
                probe.Token);

            int before;
            var last = 0;
            do
            {
                before = last;
                var events = await probe.ReadAsync().ConfigureAwait(false);
                last = events.Count;
                That(events.Select(recorded => recorded.Sequence).SequenceEqual(Enumerable.Range(1, last).Select(number => (long)number)), "A reader saw a gap.");
                That(last >= before, "A reader saw fewer events than the one before.");
                That(events.Skip(2).Select((recorded, index) => TextOf(recorded) == $"{index / 2}").All(same => same), "A reader saw an event in a wrong place.");
            }
            while (!writing.IsCompleted);

            await writing.ConfigureAwait(false);
            Same(122, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events at the end");
        }),
        Case("A reading that is cancelled stops", async probe =>
        {
            await probe.AppendAsync(0, 0, [probe.Accepted(), .. Enumerable.Range(0, 300).Select(index => Fact($"{index}"))]).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(probe.Token);
            var seen = 0;

            await ThrowsAsync<OperationCanceledException>(
                async () =>
                {
                    await foreach (var recorded in probe.Journal.ReadAsync(probe.Run, 1, stop.Token).ConfigureAwait(false))
                    {
                        seen++;
                        await stop.CancelAsync().ConfigureAwait(false);
                    }
                },
                "A cancelled reading").ConfigureAwait(false);
            That(seen < 301, "The reading went on to its end after it was cancelled.");
        }),
    ];
}
