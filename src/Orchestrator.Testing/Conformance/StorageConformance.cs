using System.Security.Cryptography;
using System.Text;
using static Orchestrator.Testing.JournalProbe;

namespace Orchestrator.Testing;

/// <summary>Blobs, snapshots and mailboxes.</summary>
internal static class StorageConformance
{
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        Case("A blob comes back as it was put", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            foreach (var content in new[] { [], [0], Encoding.UTF8.GetBytes("""{"text":"é"}"""), RandomNumberGenerator.GetBytes(5 * 1024 * 1024) })
            {
                var hash = HashOf(content);
                await probe.Journal.PutBlobAsync(probe.Run, hash, content, probe.Token).ConfigureAwait(false);

                var got = await probe.Journal.GetBlobAsync(probe.Run, hash, probe.Token).ConfigureAwait(false);
                That(got is { } bytes && bytes.Span.SequenceEqual(content), $"A blob of {content.Length} bytes did not come back as it was.");
            }
        }),
        Case("A blob may come before the run that it belongs to, and makes no run", async probe =>
        {
            await probe.Journal.PutBlobAsync(probe.Run, HashOf([1]), new byte[] { 1 }, probe.Token).ConfigureAwait(false);

            Same(0, (await probe.ListAsync().ConfigureAwait(false)).Count(each => each.Run == probe.Run), "The number of runs");
            await ThrowsAsync<RunNotFoundException>(() => probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).AsTask(), "A claim on a run that only has a blob").ConfigureAwait(false);
            await probe.CreateAsync().ConfigureAwait(false);
            That(await probe.Journal.GetBlobAsync(probe.Run, HashOf([1]), probe.Token).ConfigureAwait(false) is { Length: 1 }, "The blob is gone.");
        }),
        Case("Putting a blob again changes nothing, even many times at once", async probe =>
        {
            var content = RandomNumberGenerator.GetBytes(10_000);
            await AtOnceAsync(8, async _ =>
            {
                await probe.Journal.PutBlobAsync(probe.Run, HashOf(content), content, probe.Token).ConfigureAwait(false);
                return 0;
            }).ConfigureAwait(false);

            var got = await probe.Journal.GetBlobAsync(probe.Run, HashOf(content), probe.Token).ConfigureAwait(false);
            That(got is { } bytes && bytes.Span.SequenceEqual(content), "The blob has changed.");
        }),
        Case("A blob is not changed by what its caller does with the buffer afterwards", async probe =>
        {
            var buffer = new byte[] { 1, 2, 3 };
            var hash = HashOf(buffer);
            await probe.Journal.PutBlobAsync(probe.Run, hash, buffer, probe.Token).ConfigureAwait(false);
            buffer[0] = 9;

            var got = await probe.Journal.GetBlobAsync(probe.Run, hash, probe.Token).ConfigureAwait(false);
            That(got is { } bytes && bytes.Span[0] == 1, "The blob has changed with its caller's buffer.");
        }),
        Case("A blob that is not there is null, for this run and for any other", async probe =>
        {
            await probe.Journal.PutBlobAsync(probe.Run, HashOf([1]), new byte[] { 1 }, probe.Token).ConfigureAwait(false);

            That(await probe.Journal.GetBlobAsync(probe.Run, HashOf([2]), probe.Token).ConfigureAwait(false) is null, "A blob that was never put is there.");
            That(await probe.Journal.GetBlobAsync(NewRun(), HashOf([1]), probe.Token).ConfigureAwait(false) is null, "Another run's blob is there.");
        }),
        Case("A snapshot takes the place of the one before", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            That(await probe.Journal.LoadSnapshotAsync(probe.Run, probe.Token).ConfigureAwait(false) is null, "There is a snapshot before any was saved.");
            foreach (var (sequence, version) in new[] { (1L, 1), (5L, 1), (3L, 2) })
            {
                var content = Encoding.UTF8.GetBytes($"{sequence}/{version}");
                await probe.Journal.SaveSnapshotAsync(probe.Run, new IRunJournal.Snapshot(sequence, version, content), probe.Token).ConfigureAwait(false);

                var snapshot = await probe.Journal.LoadSnapshotAsync(probe.Run, probe.Token).ConfigureAwait(false);
                That(
                    snapshot is not null && snapshot.Sequence == sequence && snapshot.FoldVersion == version && snapshot.Content.Span.SequenceEqual(content),
                    $"The snapshot at {sequence} did not come back as it was saved.");
            }

            That(await probe.Journal.LoadSnapshotAsync(NewRun(), probe.Token).ConfigureAwait(false) is null, "Another run has a snapshot.");
        }),
        Case("Commands are numbered from one in the order of arrival", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            IRunJournal.Command[] commands =
            [
                new IRunJournal.Command.Answer(new CallId(2), "yes – 🧪", "user"),
                new IRunJournal.Command.RaiseBudget(new Budget { Cost = 1.25m, RunTime = TimeSpan.FromMinutes(7) }),
                new IRunJournal.Command.Cancel("enough"),
            ];
            for (var i = 0; i < commands.Length; i++)
            {
                Same(i + 1L, await probe.Journal.PostAsync(probe.Run, commands[i], probe.Token).ConfigureAwait(false), "The number");
            }

            var mail = await probe.Journal.ReadMailboxAsync(probe.Run, 0, probe.Token).ConfigureAwait(false);
            That(mail.Select(item => item.Number).SequenceEqual([1, 2, 3]), "The mailbox is not in order.");
            That(mail.Select(item => item.Command).SequenceEqual(commands), "A command has changed.");
            Same(1, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events: a command is none yet");
        }),
        Case("A mailbox is read from after a number, any number of times", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            for (var i = 1; i <= 5; i++)
            {
                await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel($"{i}"), probe.Token).ConfigureAwait(false);
            }

            foreach (var after in new[] { 3, 3, 0, 4, 5, 6 })
            {
                var mail = await probe.Journal.ReadMailboxAsync(probe.Run, after, probe.Token).ConfigureAwait(false);
                Same(Math.Max(5 - after, 0), mail.Count, $"The number of commands after {after}");
            }
        }),
        Case("Commands that arrive at once get one number each", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);

            var numbers = await AtOnceAsync(20, async index =>
                await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel($"{index}"), probe.Token).ConfigureAwait(false)).ConfigureAwait(false);

            That(numbers.Order().SequenceEqual(Enumerable.Range(1, 20).Select(number => (long)number)), "A number was given twice or left out.");
            var mail = await probe.Journal.ReadMailboxAsync(probe.Run, 0, probe.Token).ConfigureAwait(false);
            foreach (var item in mail)
            {
                var index = int.Parse(((IRunJournal.Command.Cancel)item.Command).Reason, System.Globalization.CultureInfo.InvariantCulture);
                Same(numbers[index], item.Number, "The number under which a command stands");
            }
        }),
        Case("Mail goes to runs that exist, and each has a mailbox of its own", async probe =>
        {
            await ThrowsAsync<RunNotFoundException>(() => probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel(""), probe.Token).AsTask(), "Mail for no run").ConfigureAwait(false);
            Same(0, (await probe.Journal.ReadMailboxAsync(probe.Run, 0, probe.Token).ConfigureAwait(false)).Count, "The mail of no run");
            await probe.CreateAsync().ConfigureAwait(false);
            var other = NewRun();
            await probe.CreateAsync(other).ConfigureAwait(false);
            await probe.Journal.PostAsync(other, new IRunJournal.Command.Cancel(""), probe.Token).ConfigureAwait(false);

            Same(0, (await probe.Journal.ReadMailboxAsync(probe.Run, 0, probe.Token).ConfigureAwait(false)).Count, "The mail of the run that nobody wrote to");
            Same(1L, await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel(""), probe.Token).ConfigureAwait(false), "The first number");
        }),
        Case("Mail reaches a run whoever owns it, and disturbs no append", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel("stop"), probe.Token).ConfigureAwait(false);

            await probe.AppendAsync(claim.Epoch, 2, new RunEvent.CancelRequested("stop", 1)).ConfigureAwait(false);
            Same(3, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("What is cancelled beforehand is neither stored nor read", async probe =>
        {
            var cancelled = new CancellationToken(true);
            await probe.CreateAsync().ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.PutBlobAsync(probe.Run, HashOf([1]), new byte[] { 1 }, cancelled).AsTask(), "A cancelled blob").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.GetBlobAsync(probe.Run, HashOf([1]), cancelled).AsTask(), "A cancelled look for a blob").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.SaveSnapshotAsync(probe.Run, new IRunJournal.Snapshot(1, 1, new byte[] { 1 }), cancelled).AsTask(), "A cancelled snapshot").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.LoadSnapshotAsync(probe.Run, cancelled).AsTask(), "A cancelled look for a snapshot").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel(""), cancelled).AsTask(), "A cancelled command").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.ReadMailboxAsync(probe.Run, 0, cancelled).AsTask(), "A cancelled look into a mailbox").ConfigureAwait(false);

            That(await probe.Journal.GetBlobAsync(probe.Run, HashOf([1]), probe.Token).ConfigureAwait(false) is null, "The blob was stored.");
            That(await probe.Journal.LoadSnapshotAsync(probe.Run, probe.Token).ConfigureAwait(false) is null, "The snapshot was stored.");
            Same(0, (await probe.Journal.ReadMailboxAsync(probe.Run, 0, probe.Token).ConfigureAwait(false)).Count, "The number of commands");
        }),
    ];

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
