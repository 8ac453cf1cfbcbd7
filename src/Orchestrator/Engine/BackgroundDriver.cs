using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Drives every run of the journal that nobody else drives, as long as the host runs.</summary>
internal sealed class BackgroundDriver(OrchestratorService orchestrator, int maxRuns, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHoldOff = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<RunId, Task> _driven = new();
    private readonly ConcurrentDictionary<RunId, HoldOff> _heldOff = new();

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
            var query = new RunQuery { Statuses = [RunStatus.Running, RunStatus.Paused], Limit = 1000 };
            await foreach (var run in orchestrator.ListAsync(query, stop).ConfigureAwait(false))
            {
                if (_driven.Count >= maxRuns)
                {
                    return;
                }

                if (run.Owner.Length == 0 && !_driven.ContainsKey(run.Run) && IsWanted(run))
                {
                    _driven[run.Run] = DriveAsync(run.Run, wake, stop);
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

    private bool IsWanted(RunSummary run)
    {
        var isHeldOff = _heldOff.TryGetValue(run.Run, out var held) && orchestrator.Time.GetUtcNow() < held.Until;
        return run.Status == RunStatus.Running ? !isHeldOff : run.HasMail || (held is { IsForDeadline: true } && !isHeldOff);
    }

    private async Task DriveAsync(RunId run, WakeSignal wake, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            var result = await orchestrator.ResumeAsync(run, stop).ConfigureAwait(false);
            _heldOff.TryRemove(run, out _);
            var deadline = result.Calls.Where(call => call.Status == CallStatus.AwaitingAnswer).Min(call => call.Question?.Deadline);
            if (result.Status == RunStatus.Paused && deadline is { } until)
            {
                _heldOff[run] = new HoldOff(until, TimeSpan.Zero, IsForDeadline: true);
            }
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
            var delay = _heldOff.TryGetValue(run, out var held) && held.Delay > TimeSpan.Zero ? held.Delay * 2 : TimeSpan.FromSeconds(2);
            delay = delay < LongestHoldOff ? delay : LongestHoldOff;
            _heldOff[run] = new HoldOff(orchestrator.Time.GetUtcNow() + delay, delay, IsForDeadline: false);
            Log.BackgroundFailed(logger, delay, e);
        }
        finally
        {
            _driven.TryRemove(run, out _);
            wake.Set();
        }
    }

    private sealed record HoldOff(DateTimeOffset Until, TimeSpan Delay, bool IsForDeadline);
}
