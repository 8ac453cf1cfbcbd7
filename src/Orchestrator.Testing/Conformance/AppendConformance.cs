using static Orchestrator.Testing.JournalProbe;

namespace Orchestrator.Testing;

/// <summary>Appending: all or nothing, at the right place, under the newest claim.</summary>
internal static class AppendConformance
{
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        Case("A first batch under epoch zero creates the run", async probe =>
        {
            await probe.AppendAsync(0, 0, probe.Accepted(), Fact("a"), Fact("b")).ConfigureAwait(false);

            var events = await probe.ReadAsync().ConfigureAwait(false);
            Same(3, events.Count, "The number of events");
            Same("b", TextOf(events[2]), "The last event");
        }),
        Case("A batch is numbered on from the expected sequence", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 2, Fact("a"), Fact("b")).ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 4, Fact("c")).ConfigureAwait(false);

            var events = await probe.ReadAsync().ConfigureAwait(false);
            That(events.Select(recorded => recorded.Sequence).SequenceEqual([1, 2, 3, 4, 5]), "The events are not numbered one by one.");
            Same("a b c", string.Join(' ', events.Skip(2).Select(TextOf)), "The order");
        }),
        Case("An event keeps the moment it was given", async probe =>
        {
            var at = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)) + TimeSpan.FromTicks(1234567);
            await probe.Journal.AppendAsync(probe.Run, 0, 0, [new RunEvent.Recorded(1, at, probe.Accepted())], probe.Token).ConfigureAwait(false);

            Same(at.UtcTicks, (await probe.ReadAsync().ConfigureAwait(false))[0].At.UtcTicks, "The moment in ticks");
        }),
        Case("A batch at a sequence that the run has passed conflicts and appends nothing", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 2, Fact("a")).ConfigureAwait(false);

            var conflict = await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(claim.Epoch, 2, Fact("b"), Fact("c")), "An append at 2 of 3").ConfigureAwait(false);
            Same(probe.Run, conflict.Run, "The conflict's run");
            Same(2L, conflict.ExpectedSequence, "The conflict's expected sequence");
            Same(3, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("A batch at a sequence that the run has not reached conflicts", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);

            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(claim.Epoch, 7, Fact("a")), "An append at 7 of 2").ConfigureAwait(false);
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("A run cannot be created twice", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);

            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(0, 0, probe.Accepted("other")), "A second creation").ConfigureAwait(false);
            Same(1, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("A run that does not exist takes no batch but its first", async probe =>
        {
            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(1, 4, Fact("a")), "An append to no run").ConfigureAwait(false);
            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(1, 0, probe.Accepted()), "A creation under a claim").ConfigureAwait(false);
            Same(0, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
            Same(0, (await probe.ListAsync().ConfigureAwait(false)).Count, "The number of runs");
        }),
        Case("Epoch zero creates and nothing more", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);

            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(0, 1, Fact("a")), "An append without a claim").ConfigureAwait(false);
        }),
        Case("An epoch that nobody was given conflicts", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);

            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(claim.Epoch + 1, 2, Fact("a")), "An append under a future epoch").ConfigureAwait(false);
        }),
        Case("A batch is refused where it is empty, misnumbered or holds a claim", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);

            await ThrowsAsync<ArgumentException>(() => probe.AppendAsync(claim.Epoch, 2), "An empty batch").ConfigureAwait(false);
            await ThrowsAsync<ArgumentException>(() => probe.AppendAsync(claim.Epoch, 2, new RunEvent.Claimed("me", 9)), "A claim in a batch").ConfigureAwait(false);
            await ThrowsAsync<ArgumentException>(
                () => probe.Journal.AppendAsync(probe.Run, claim.Epoch, 2, [.. probe.Number(2, Fact("a")), .. probe.Number(3, Fact("b")), .. probe.Number(5, Fact("c"))], probe.Token).AsTask(),
                "A batch with a gap").ConfigureAwait(false);
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("Of many appends at one sequence exactly one wins", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            for (var round = 0; round < 10; round++)
            {
                var expected = 2 + (2 * round);
                var won = await AtOnceAsync(8, index => WinsAsync(probe, claim.Epoch, expected, index)).ConfigureAwait(false);

                Same(1, won.Count(each => each), $"The number of winners in round {round}");
                var events = await probe.ReadAsync(expected + 1).ConfigureAwait(false);
                Same(2, events.Count, "The number of events that the winner appended");
                Same(TextOf(events[0]), TextOf(events[1]), "The winner of the second half of the batch");
            }
        }),
        Case("Of many creations of one run exactly one wins", async probe =>
        {
            var won = await AtOnceAsync(8, index => WinsAsync(probe, 0, 0, index)).ConfigureAwait(false);

            Same(1, won.Count(each => each), "The number of winners");
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("Runs do not disturb one another", async probe =>
        {
            var runs = Enumerable.Range(0, 8).Select(_ => NewRun()).ToArray();
            await AtOnceAsync(runs.Length, async index =>
            {
                await probe.CreateAsync(runs[index]).ConfigureAwait(false);
                var claim = await probe.Journal.ClaimAsync(runs[index], "host", Lease, probe.Token).ConfigureAwait(false);
                for (var i = 0; i < 10; i++)
                {
                    await probe.AppendAsync(runs[index], claim.Epoch, 2 + i, Fact($"{index}.{i}")).ConfigureAwait(false);
                }

                return 0;
            }).ConfigureAwait(false);

            for (var index = 0; index < runs.Length; index++)
            {
                var texts = (await probe.ReadAsync(runs[index], 3).ConfigureAwait(false)).Select(TextOf);
                That(texts.SequenceEqual(Enumerable.Range(0, 10).Select(i => $"{index}.{i}")), $"Run {index} does not hold exactly its own events in order.");
            }
        }),
        Case("A large batch is appended whole", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 2, [.. Enumerable.Range(0, 3000).Select(index => Fact($"fact {index}"))]).ConfigureAwait(false);

            var events = await probe.ReadAsync(3).ConfigureAwait(false);
            That(events.Select(TextOf).SequenceEqual(Enumerable.Range(0, 3000).Select(index => $"fact {index}")), "The batch was not kept whole and in order.");
        }),
        Case("Text of every kind comes back as it was", async probe =>
        {
            var texts = new[] { "", "a\0b", "\r\n\t\"\\/", "Grüße, мир, 世界, 🧪👩‍👩‍👧", "e\u0301 \u202Eabc\u2028\uFEFF", "'; DROP TABLE runs; --", new string('é', 20_000) };
            await probe.AppendAsync(0, 0, [probe.Accepted("Ünï🧪 '\"%_"), .. texts.Select(Fact)]).ConfigureAwait(false);

            var events = await probe.ReadAsync(2).ConfigureAwait(false);
            That(events.Select(TextOf).SequenceEqual(texts), "A text has changed.");
            Same("Ünï🧪 '\"%_", (await probe.ListAsync().ConfigureAwait(false)).Single().Goal, "The goal");
        }),
        Case("Facts of newer versions and of other packages come back as they were", async probe =>
        {
            var data = System.Text.Json.JsonElement.Parse("""{"a":[1,2,{"b":null}]}""");
            await probe.AppendAsync(0, 0, probe.Accepted(), new RunEvent.Unknown("call.split", 7, data), new RunEvent.Noted("acme.x", 2, data)).ConfigureAwait(false);

            var events = await probe.ReadAsync(2).ConfigureAwait(false);
            That(events[0].Event is RunEvent.Unknown { Kind: "call.split", Version: 7 } unknown && System.Text.Json.JsonElement.DeepEquals(unknown.Data, data), "The unknown event has changed.");
            That(events[1].Event is RunEvent.Noted { Kind: "acme.x", Version: 2 } noted && System.Text.Json.JsonElement.DeepEquals(noted.Data, data), "The noted event has changed.");
        }),
        Case("An append that is cancelled beforehand appends nothing", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);

            await ThrowsAsync<OperationCanceledException>(
                () => probe.Journal.AppendAsync(probe.Run, claim.Epoch, 2, probe.Number(2, Fact("a")), new CancellationToken(true)).AsTask(),
                "A cancelled append").ConfigureAwait(false);
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
    ];

    private static async Task<bool> WinsAsync(JournalProbe probe, long epoch, long expected, int index)
    {
        try
        {
            await probe.AppendAsync(epoch, expected, Fact($"from {index}"), Fact($"from {index}")).ConfigureAwait(false);
            return true;
        }
        catch (JournalConflictException)
        {
            return false;
        }
    }
}
