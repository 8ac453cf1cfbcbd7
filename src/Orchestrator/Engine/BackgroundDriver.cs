using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Drives every run of the journal that nobody else drives, as long as the host runs.</summary>
internal sealed class BackgroundDriver(OrchestratorService orchestrator, int maxRuns, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstHoldOff = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestHoldOff = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<RunId, Task> _driven = new();
    private readonly ConcurrentDictionary<RunId, HoldOff> _heldOff = new();

    /// <summary>What paused runs wait for. Only the loop touches it.</summary>
    private readonly Dictionary<RunId, Waiting> _waiting = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new WakeSignal(orchestrator.Time);
        orchestrator.Accepted += wake.Set;
        await using var onStop = stoppingToken.Register(wake.Set).ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TakeUpAsync(wake, stoppingToken).ConfigureAwait(false);
            await wake.WaitAsync(orchestrator.Time.GetUtcNow() + Poll).ConfigureAwait(false);
        }

        orchestrator.Accepted -= wake.Set;
        await Task.WhenAll(_driven.Values).ConfigureAwait(false);
    }

    private async Task TakeUpAsync(WakeSignal wake, CancellationToken stop)
    {
        try
        {
            // The one that was accepted first has waited longest.
            foreach (var run in (await ListAsync(stop).ConfigureAwait(false)).Reverse())
            {
                if (_driven.Count >= maxRuns)
                {
                    return;
                }

                if (run.Owner.Length == 0 && !_driven.ContainsKey(run.Run) && await IsWantedAsync(run, stop).ConfigureAwait(false))
                {
                    Drive(run.Run, wake, stop);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.BackgroundFailed(logger, Poll, e);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops; ExecuteAsync waits for what is under way.
        }
    }

    private async ValueTask<IEnumerable<RunSummary>> ListAsync(CancellationToken stop)
    {
        var runs = new List<RunSummary>();
        var query = new RunSummary.Query { Statuses = [RunStatus.Running, RunStatus.Paused], Limit = int.MaxValue };
        await foreach (var run in orchestrator.ListAsync(query, stop).ConfigureAwait(false))
        {
            runs.Add(run);
        }

        return runs;
    }

    private async ValueTask<bool> IsWantedAsync(RunSummary run, CancellationToken stop)
    {
        var now = orchestrator.Time.GetUtcNow();
        if (_heldOff.TryGetValue(run.Run, out var held) && now < held.Until)
        {
            return false;
        }

        if (run.Status == RunStatus.Running)
        {
            _waiting.Remove(run.Run);
            return true;
        }

        // Whichever host paused it, the events say until when it waits and who can go on; they are read once.
        if (!_waiting.TryGetValue(run.Run, out var waiting) || waiting.Sequence != run.Sequence)
        {
            var state = await orchestrator.FoldAsync(run.Run, stop).ConfigureAwait(false);
            var deadline = state.OpenCalls.Where(call => call.Status == CallState.Phase.AwaitingAnswer).Min(call => call.Question?.Deadline);
            waiting = new Waiting(run.Sequence, deadline, orchestrator.CanDrive(state));
            _waiting[run.Run] = waiting;
        }

        return waiting.CanDrive && (run.HasMail || waiting.Deadline <= now);
    }

    private void Drive(RunId run, WakeSignal wake, CancellationToken stop)
    {
        var driven = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _driven[run] = driven.Task;
        _ = DriveAsync(run, wake, driven, stop);
    }

    private async Task DriveAsync(RunId run, WakeSignal wake, TaskCompletionSource driven, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await orchestrator.ResumeAsync(run, stop).ConfigureAwait(false);
            _heldOff.TryRemove(run, out _);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Left for the next host.
        }
        catch (RunOwnedException)
        {
            // Another host was quicker.
        }
        catch (Exception e)
        {
            HoldBack(run, e);
        }
        finally
        {
            _driven.TryRemove(run, out _);
            driven.SetResult();
            wake.Set();
        }
    }

    private void HoldBack(RunId run, Exception failure)
    {
        var delay = _heldOff.TryGetValue(run, out var held) ? held.Delay * 2 : FirstHoldOff;
        delay = delay < LongestHoldOff ? delay : LongestHoldOff;
        _heldOff[run] = new HoldOff(orchestrator.Time.GetUtcNow() + delay, delay);
        using (orchestrator.Scope(run))
        {
            Log.BackgroundFailed(logger, delay, failure);
        }
    }

    private sealed record HoldOff(DateTimeOffset Until, TimeSpan Delay);

    private sealed record Waiting(long Sequence, DateTimeOffset? Deadline, bool CanDrive);
}
