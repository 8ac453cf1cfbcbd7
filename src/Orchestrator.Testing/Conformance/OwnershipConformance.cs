using static Orchestrator.Testing.JournalProbe;

namespace Orchestrator.Testing;

/// <summary>Claims, leases, and what a former owner can no longer do.</summary>
internal static class OwnershipConformance
{
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        Case("A claim is the run's next event", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            probe.Time.Advance(TimeSpan.FromMinutes(3));

            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).ConfigureAwait(false);

            Same(new IRunJournal.Claim(probe.Run, "host-1", 1, 2), claim, "The claim");
            var recorded = (await probe.ReadAsync(2).ConfigureAwait(false)).Single();
            Same<RunEvent>(new RunEvent.Claimed("host-1", 1), recorded.Event, "The event");
            Same(probe.Time.GetUtcNow().UtcTicks, recorded.At.UtcTicks, "The moment of the claim");
        }),
        Case("A run that does not exist cannot be claimed", async probe =>
        {
            var error = await ThrowsAsync<RunNotFoundException>(() => probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).AsTask(), "A claim on no run").ConfigureAwait(false);
            Same(probe.Run, error.Run, "The run of the error");
            Same(0, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("A live lease keeps everybody out, the same owner included", async probe =>
        {
            await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease - TimeSpan.FromSeconds(1));

            var error = await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).AsTask(), "A claim by another host").ConfigureAwait(false);
            await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).AsTask(), "A claim by the same host").ConfigureAwait(false);
            Same("host-1", error.Owner, "The owner that the error names");
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
        }),
        Case("A lease that has run out lets the next host in, one epoch later", async probe =>
        {
            await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease);

            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);

            Same(new IRunJournal.Claim(probe.Run, "host-2", 2, 3), claim, "The second claim");
        }),
        Case("A former owner can append no more", async probe =>
        {
            var former = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease);
            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);

            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(former.Epoch, 2, Fact("late")), "An append where the former owner left off").ConfigureAwait(false);
            await ThrowsAsync<JournalConflictException>(() => probe.AppendAsync(former.Epoch, 3, Fact("late")), "An append at the right sequence under the former epoch").ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 3, Fact("mine")).ConfigureAwait(false);
            Same("mine", TextOf((await probe.ReadAsync(4).ConfigureAwait(false)).Single()), "The only event after the second claim");
        }),
        Case("An owner whose lease has run out can append until somebody else claims", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            probe.Time.Advance(Lease * 10);

            await probe.AppendAsync(claim.Epoch, 2, Fact("late, but alone")).ConfigureAwait(false);
            That(await probe.Journal.RenewAsync(claim, Lease, probe.Token).ConfigureAwait(false), "A claim that nobody took could not be renewed.");
            await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).AsTask(), "A claim after the renewal").ConfigureAwait(false);
        }),
        Case("Renewing prolongs the claim from now on and is no event", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            for (var i = 0; i < 3; i++)
            {
                probe.Time.Advance(Lease / 2);
                That(await probe.Journal.RenewAsync(claim, Lease, probe.Token).ConfigureAwait(false), "A live claim could not be renewed.");
            }

            probe.Time.Advance(Lease - TimeSpan.FromSeconds(1));
            await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).AsTask(), "A claim during a renewed lease").ConfigureAwait(false);
            Same(2, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);
        }),
        Case("A claim that is lost cannot be renewed", async probe =>
        {
            var former = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease);
            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);

            That(!await probe.Journal.RenewAsync(former, Lease * 100, probe.Token).ConfigureAwait(false), "A lost claim was renewed.");
            probe.Time.Advance(Lease);
            That(await probe.Journal.RenewAsync(claim, Lease, probe.Token).ConfigureAwait(false), "The newest claim could not be renewed.");
        }),
        Case("A claim that was made up cannot be renewed", async probe =>
        {
            That(!await probe.Journal.RenewAsync(new IRunJournal.Claim(probe.Run, "host-1", 1, 2), Lease, probe.Token).ConfigureAwait(false), "A claim on no run was renewed.");
            await probe.CreateAsync().ConfigureAwait(false);
            That(!await probe.Journal.RenewAsync(new IRunJournal.Claim(probe.Run, "host-1", 1, 2), Lease, probe.Token).ConfigureAwait(false), "A claim that nobody made was renewed.");
        }),
        Case("A released run can be claimed at once", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            await probe.Journal.ReleaseAsync(claim, probe.Token).ConfigureAwait(false);

            That(!await probe.Journal.RenewAsync(claim, Lease, probe.Token).ConfigureAwait(false), "A claim that was given back was renewed.");
            var next = await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);
            Same(2L, next.Epoch, "The next epoch");
        }),
        Case("Releasing a lost claim does nothing", async probe =>
        {
            var former = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease);
            await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);

            await probe.Journal.ReleaseAsync(former, probe.Token).ConfigureAwait(false);
            await probe.Journal.ReleaseAsync(new IRunJournal.Claim(NewRun(), "nobody", 1, 2), probe.Token).ConfigureAwait(false);

            await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-3", Lease, probe.Token).AsTask(), "A claim after somebody released another one").ConfigureAwait(false);
        }),
        Case("Of many hosts that claim one run exactly one gets it", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            for (var round = 1; round <= 5; round++)
            {
                var claims = await AtOnceAsync(8, index => TryClaimAsync(probe, $"host-{index}")).ConfigureAwait(false);

                var claim = claims.OfType<IRunJournal.Claim>().ToList();
                Same(1, claim.Count, $"The number of claims in round {round}");
                Same((long)round, claim[0].Epoch, "The epoch");
                Same(1 + round, (await probe.ReadAsync().ConfigureAwait(false)).Count, "The number of events");
                probe.Time.Advance(Lease);
            }
        }),
        Case("An append races with a claim and never ends up behind it", async probe =>
        {
            var former = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            probe.Time.Advance(Lease);

            var appended = 0L;
            var appending = Task.Run(
                async () =>
                {
                    try
                    {
                        while (appended < 2000)
                        {
                            await probe.AppendAsync(former.Epoch, 2 + appended, Fact("old owner")).ConfigureAwait(false);
                            appended++;
                        }
                    }
                    catch (JournalConflictException)
                    {
                        // Shut out, as it must be.
                    }
                },
                probe.Token);
            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);
            await appending.ConfigureAwait(false);

            var events = await probe.ReadAsync().ConfigureAwait(false);
            Same<RunEvent>(new RunEvent.Claimed("host-2", 2), events[^1].Event, "The last event");
            Same(claim.Sequence, events[^1].Sequence, "The claim's sequence");
            Same(3 + appended, events.Count, "The number of events");
        }),
        Case("A claim, a renewal and a release that are cancelled beforehand have no effect", async probe =>
        {
            var cancelled = new CancellationToken(true);
            await probe.CreateAsync().ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, cancelled).AsTask(), "A cancelled claim").ConfigureAwait(false);
            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.RenewAsync(claim, Lease * 2, cancelled).AsTask(), "A cancelled renewal").ConfigureAwait(false);
            await ThrowsAsync<OperationCanceledException>(() => probe.Journal.ReleaseAsync(claim, cancelled).AsTask(), "A cancelled release").ConfigureAwait(false);

            Same(1L, claim.Epoch, "The epoch");
            await ThrowsAsync<RunOwnedException>(() => probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).AsTask(), "A claim after a cancelled release").ConfigureAwait(false);
            probe.Time.Advance(Lease);
            await probe.Journal.ClaimAsync(probe.Run, "host-2", Lease, probe.Token).ConfigureAwait(false);
        }),
    ];

    private static async Task<IRunJournal.Claim?> TryClaimAsync(JournalProbe probe, string owner)
    {
        try
        {
            return await probe.Journal.ClaimAsync(probe.Run, owner, Lease, probe.Token).ConfigureAwait(false);
        }
        catch (RunOwnedException)
        {
            return null;
        }
    }
}
