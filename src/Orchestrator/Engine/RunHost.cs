using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Takes a run over, drives it, and gives it back.</summary>
internal sealed class RunHost(
    Registry registry,
    IRunJournal journal,
    IWorkspaceProvider? workspaces,
    IPayloadProtector? protector,
    TimeProvider time,
    IRandomSource random,
    ILogger logger,
    ProgressHub progress)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{random.NewId():n}";

    /// <summary>Drives a run until it ends or waits for a person. Does nothing for one that has ended.</summary>
    /// <returns>The run's state as it was left.</returns>
    public async Task<TaskState> DriveAsync(RunId run, RunSignals signals, CancellationToken stop)
    {
        var events = await ReadAsync(run, stop).ConfigureAwait(false);
        var before = TaskState.Fold(run, events);
        if (before.HasEnded)
        {
            return before;
        }

        if (before.UnknownEvent.Length > 0)
        {
            throw new OrchestratorException($"Run {run} holds an event '{before.UnknownEvent}' that this version does not know; it can be viewed here, but only a newer version can drive it.");
        }

        var claim = await journal.ClaimAsync(run, _owner, Lease, stop).ConfigureAwait(false);
        using var activity = Telemetry.Drive(run);
        try
        {
            // Somebody may have driven it between the first look and the claim.
            events = await ReadAsync(run, stop).ConfigureAwait(false);
            return await DriveAsync(claim, events, signals, stop).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(claim).ConfigureAwait(false);
        }
    }

    private async Task<TaskState> DriveAsync(IRunJournal.Claim claim, List<RunEvent.Recorded> events, RunSignals signals, CancellationToken stop)
    {
        using var wake = new WakeSignal(time);
        RunSession? opened = null;
        var payloads = new PayloadStore(journal, claim.Run, registry.Redactor, protector, e => opened!.Break(e));
        using var session = opened = new RunSession(journal, claim, TaskState.Fold(claim.Run, events), payloads, time, () =>
        {
            wake.Set();
            signals.Changed(claim.Run);
        });
        signals.Changed(claim.Run);
        if (session.State.HasEnded)
        {
            return session.State;
        }

        if (registry.FindDifferences(session.State.Registration) is { Count: > 0 } differences)
        {
            await session.AppendAsync(new RunEvent.Paused($"This host is registered differently from the one that accepted the run: {string.Join("; ", differences)}. Resume it where they agree.")).ConfigureAwait(false);
            return session.State;
        }

        session.Remember(events);
        events.Clear();
        Log.Driving(logger, claim.Sequence, claim.Epoch);
        var workspace = await OpenAsync(session, stop).ConfigureAwait(false);
        await using var closing = new Closing(workspace).ConfigureAwait(false);
        await using var heartbeat = new Heartbeat(session, journal, Lease, wake.Set, logger).ConfigureAwait(false);
        using var driver = new RunDriver(new DriveContext(session, registry, workspace, logger, progress), wake, journal);
        signals.Drive(claim.Run, driver.Mail);
        try
        {
            await driver.DriveAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            signals.Leave(claim.Run);
        }

        return session.State;
    }

    private async ValueTask<IWorkspace?> OpenAsync(RunSession session, CancellationToken stop)
    {
        if (workspaces is null)
        {
            return null;
        }

        var state = session.State;
        var workspace = await workspaces.OpenAsync(state.Task.Scope, session.Run, state.Base, session.Claim.Epoch, stop).ConfigureAwait(false);
        try
        {
            if (state.Base is null)
            {
                await session.AppendAsync(new RunEvent.WorkspaceOpened(workspace.Base, workspace.Branch, workspace.Notes)).ConfigureAwait(false);
            }

            return workspace;
        }
        catch
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<List<RunEvent.Recorded>> ReadAsync(RunId run, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent.Recorded>();
        await foreach (var recorded in journal.ReadAsync(run, 1, cancellationToken).ConfigureAwait(false))
        {
            events.Add(recorded);
        }

        return events.Count > 0 ? events : throw new RunNotFoundException(run);
    }

    /// <summary>Gives the claim back. Where that fails the lease runs out by itself, so it must not hide why driving ended.</summary>
    private async ValueTask ReleaseAsync(IRunJournal.Claim claim)
    {
        try
        {
            await journal.ReleaseAsync(claim, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(logger, e);
        }
    }

    /// <summary>Closes the workspace, where there is one.</summary>
    private sealed class Closing(IWorkspace? workspace) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => workspace?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
