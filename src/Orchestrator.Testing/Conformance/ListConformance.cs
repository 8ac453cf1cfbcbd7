using static Orchestrator.Testing.JournalProbe;

namespace Orchestrator.Testing;

/// <summary>Lists of runs and what they say of each.</summary>
internal static class ListConformance
{
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        Case("A list says of a run what its events say", async probe =>
        {
            var accepted = probe.Time.GetUtcNow();
            await probe.CreateAsync().ConfigureAwait(false);
            probe.Time.Advance(TimeSpan.FromMinutes(2));
            var claim = await probe.Journal.ClaimAsync(probe.Run, "host-1", Lease, probe.Token).ConfigureAwait(false);
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            await probe.AppendAsync(claim.Epoch, 2, Fact("a")).ConfigureAwait(false);

            var summary = (await probe.ListAsync().ConfigureAwait(false)).Single();
            Same(probe.Run, summary.Run, "The run");
            Same("Fix it", summary.Goal, "The goal");
            Same("bugfix", summary.Workflow, "The workflow");
            Same(probe.Tenant, summary.Tenant, "The tenant");
            Same(RunStatus.Running, summary.Status, "The status");
            Same(accepted.UtcTicks, summary.AcceptedAt.UtcTicks, "The moment of acceptance");
            Same(probe.Time.GetUtcNow().UtcTicks, summary.ChangedAt.UtcTicks, "The moment of the last event");
            Same(3L, summary.Sequence, "The last sequence");
            Same("host-1", summary.Owner, "The owner");
            Same(false, summary.HasMail, "Whether there is mail");
        }),
        Case("A list names an owner only while the lease holds", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync("host-1").ConfigureAwait(false);
            Same("host-1", (await probe.ListAsync().ConfigureAwait(false)).Single().Owner, "The owner during the lease");
            probe.Time.Advance(Lease);
            Same("", (await probe.ListAsync().ConfigureAwait(false)).Single().Owner, "The owner after the lease");
            await probe.Journal.RenewAsync(claim, Lease, probe.Token).ConfigureAwait(false);
            Same("host-1", (await probe.ListAsync().ConfigureAwait(false)).Single().Owner, "The owner after a renewal");
            await probe.Journal.ReleaseAsync(claim, probe.Token).ConfigureAwait(false);
            Same("", (await probe.ListAsync().ConfigureAwait(false)).Single().Owner, "The owner after the release");
        }),
        Case("Runs are listed the newest first, up to the limit", async probe =>
        {
            var runs = new List<RunId>();
            for (var i = 0; i < 12; i++)
            {
                runs.Add(NewRun());
                await probe.CreateAsync(runs[i]).ConfigureAwait(false);
            }

            runs.Reverse();
            That((await probe.ListAsync().ConfigureAwait(false)).Select(each => each.Run).SequenceEqual(runs), "The newest run is not listed first.");
            That((await probe.ListAsync(new RunSummary.Query { Limit = 5 }).ConfigureAwait(false)).Select(each => each.Run).SequenceEqual(runs.Take(5)), "A limit of five does not give the five newest.");
            Same(0, (await probe.ListAsync(new RunSummary.Query { Limit = 0 }).ConfigureAwait(false)).Count, "The number of runs under a limit of zero");
        }),
        Case("A status chooses runs by where they stand", async probe =>
        {
            var running = await EndedAsync(probe, null).ConfigureAwait(false);
            var paused = await EndedAsync(probe, new RunEvent.Paused("waits")).ConfigureAwait(false);
            var failed = await EndedAsync(probe, new RunEvent.Finished(RunStatus.Failed, "", [], Payload.None)).ConfigureAwait(false);
            var succeeded = await EndedAsync(probe, new RunEvent.Finished(RunStatus.Succeeded, "", [], Payload.None)).ConfigureAwait(false);

            foreach (var (status, run) in new[] { (RunStatus.Running, running), (RunStatus.Paused, paused), (RunStatus.Failed, failed), (RunStatus.Succeeded, succeeded) })
            {
                var found = await probe.ListAsync(new RunSummary.Query { Statuses = [status] }).ConfigureAwait(false);
                That(found.Select(each => each.Run).SequenceEqual([run]), $"The runs that are {status} are not the one that is.");
                Same(status, found[0].Status, "The status");
            }

            var two = await probe.ListAsync(new RunSummary.Query { Statuses = [RunStatus.Failed, RunStatus.Paused], Limit = 2 }).ConfigureAwait(false);
            That(two.Select(each => each.Run).SequenceEqual([failed, paused]), "Two statuses do not choose the runs that have one of them.");
        }),
        Case("A paused run that is claimed again runs, and one that has ended stays ended", async probe =>
        {
            var paused = await EndedAsync(probe, new RunEvent.Paused("waits")).ConfigureAwait(false);
            var ended = await EndedAsync(probe, new RunEvent.Finished(RunStatus.Cancelled, "", [], Payload.None)).ConfigureAwait(false);
            probe.Time.Advance(Lease);
            await probe.Journal.ClaimAsync(paused, "host-2", Lease, probe.Token).ConfigureAwait(false);
            await probe.Journal.ClaimAsync(ended, "host-2", Lease, probe.Token).ConfigureAwait(false);

            var runs = (await probe.ListAsync().ConfigureAwait(false)).ToDictionary(each => each.Run, each => each.Status);
            Same(RunStatus.Running, runs[paused], "The status of the run that was paused");
            Same(RunStatus.Cancelled, runs[ended], "The status of the run that has ended");
        }),
        Case("A tenant sees its own runs", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);
            var other = new JournalProbe(probe.Journal, probe.Time, probe.Token);
            await other.CreateAsync().ConfigureAwait(false);

            Same(probe.Run, (await probe.ListAsync().ConfigureAwait(false)).Single().Run, "The first tenant's run");
            Same(other.Run, (await other.ListAsync().ConfigureAwait(false)).Single().Run, "The second tenant's run");
        }),
        Case("A run has mail until an event says that it was read", async probe =>
        {
            var claim = await probe.CreateAndClaimAsync().ConfigureAwait(false);
            await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel("x"), probe.Token).ConfigureAwait(false);
            Same(true, await HasMailAsync(probe).ConfigureAwait(false), "Whether there is mail after one command");

            await probe.AppendAsync(claim.Epoch, 2, new RunEvent.QuestionAnswered(new CallId(1), null, "", 0)).ConfigureAwait(false);
            Same(true, await HasMailAsync(probe).ConfigureAwait(false), "Whether there is mail after an event that no command made");
            await probe.AppendAsync(claim.Epoch, 3, new RunEvent.CommandRefused("no", 1)).ConfigureAwait(false);
            Same(false, await HasMailAsync(probe).ConfigureAwait(false), "Whether there is mail after it was read");

            await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.Cancel("y"), probe.Token).ConfigureAwait(false);
            await probe.Journal.PostAsync(probe.Run, new IRunJournal.Command.RaiseBudget(new Budget()), probe.Token).ConfigureAwait(false);
            await probe.AppendAsync(claim.Epoch, 4, new RunEvent.CancelRequested("y", 2)).ConfigureAwait(false);
            Same(true, await HasMailAsync(probe).ConfigureAwait(false), "Whether there is mail after the first of two was read");
            await probe.AppendAsync(claim.Epoch, 5, new RunEvent.BudgetRaised(new Budget(), 3)).ConfigureAwait(false);
            Same(false, await HasMailAsync(probe).ConfigureAwait(false), "Whether there is mail after both were read");
        }),
        Case("A list that is cancelled stops", async probe =>
        {
            await probe.CreateAsync().ConfigureAwait(false);

            await ThrowsAsync<OperationCanceledException>(
                async () =>
                {
                    await foreach (var summary in probe.Journal.ListAsync(new RunSummary.Query(), new CancellationToken(true)).ConfigureAwait(false))
                    {
                        That(summary is null, "A cancelled list yielded a run.");
                    }
                },
                "A cancelled list").ConfigureAwait(false);
        }),
    ];

    private static async Task<bool> HasMailAsync(JournalProbe probe) => (await probe.ListAsync().ConfigureAwait(false)).Single().HasMail;

    private static async Task<RunId> EndedAsync(JournalProbe probe, RunEvent? last)
    {
        var run = NewRun();
        await probe.CreateAsync(run).ConfigureAwait(false);
        if (last is not null)
        {
            var claim = await probe.Journal.ClaimAsync(run, "host-1", Lease, probe.Token).ConfigureAwait(false);
            await probe.AppendAsync(run, claim.Epoch, 2, last).ConfigureAwait(false);
        }

        return run;
    }
}
