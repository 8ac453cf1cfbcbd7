namespace Orchestrator.Cli;

/// <summary>Drives a run and shows it, until it ends, waits for a person, or is interrupted.</summary>
internal sealed class Driving(Surroundings surroundings, IOrchestrator orchestrator, bool json, string journalHint)
{
    private static readonly TimeSpan LeaseLook = TimeSpan.FromSeconds(1);

    /// <summary>Drives a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="earlier">The events that need not be shown: those from before.</param>
    /// <param name="interrupt">Stops driving; the run is kept.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> DriveAsync(RunId run, IReadOnlyList<RunEvent.Recorded> earlier, CancellationToken interrupt)
    {
        RunResult result;
        try
        {
            result = await ShowWhileAsync(run, earlier, token => ResumeAsync(run, token), interrupt).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await InterruptedAsync(run).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (RunOwnedException e)
        {
            throw new CliException(ExitCode.Refused, "run_owned", $"Another process drives the run ({e.Owner}); look on with 'orchestrator watch {RunText.Short(run)}{journalHint}'.", e);
        }
        catch (OrchestratorException e) when (e is not CliException)
        {
            throw new CliException(ExitCode.Refused, "failed", $"{e.Message}\nThe run is kept; when that is put right, go on with: orchestrator resume {RunText.Short(run)}{journalHint}", e);
        }

        await TellAsync(result).ConfigureAwait(false);
        return ExitCode.Of(result.Status);
    }

    /// <summary>Says what a run hands over.</summary>
    public async Task TellAsync(RunResult result)
    {
        if (json)
        {
            await CliJson.WriteAsync(surroundings.Out, RunJson.Of(result)).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteAsync(RunText.Of(result, RunText.Short(result.Run), journalHint)).ConfigureAwait(false);
        }
    }

    private async Task<RunResult> ShowWhileAsync(RunId run, IReadOnlyList<RunEvent.Recorded> earlier, Func<CancellationToken, Task<RunResult>> work, CancellationToken interrupt)
    {
        var view = RunViews.Choose(surroundings, run, json);
        await using var closing = view.ConfigureAwait(false);
        using var over = new CancellationTokenSource();
        var last = 0L;
        foreach (var recorded in earlier)
        {
            view.Recall(recorded);
            last = recorded.Sequence;
        }

        var watching = WatchAsync();
        try
        {
            return await work(interrupt).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);

            // What came after the last look, so that nothing is missing when the result is shown.
            foreach (var recorded in (await orchestrator.ReadAsync(run, CancellationToken.None).ConfigureAwait(false)).Events.Where(recorded => recorded.Sequence > last))
            {
                await view.ShowAsync(recorded).ConfigureAwait(false);
            }
        }

        async Task WatchAsync()
        {
            try
            {
                await foreach (var recorded in orchestrator.WatchAsync(run, last + 1, over.Token).ConfigureAwait(false))
                {
                    await view.ShowAsync(recorded).ConfigureAwait(false);
                    last = recorded.Sequence;
                }
            }
            catch (OperationCanceledException)
            {
                // The run has stopped here.
            }
        }
    }

    /// <summary>Takes the run over; where the process that drove it is gone, as soon as its lease has run out.</summary>
    private async Task<RunResult> ResumeAsync(RunId run, CancellationToken interrupt)
    {
        var told = false;
        while (true)
        {
            try
            {
                return await orchestrator.ResumeAsync(run, interrupt).ConfigureAwait(false);
            }
            catch (RunOwnedException e) when (OwnerProcess.IsGone(e.Owner))
            {
                if (!told && !json)
                {
                    await surroundings.Error.WriteLineAsync("The process that drove this run is gone; its claim runs out within half a minute. Waiting …").ConfigureAwait(false);
                }

                told = true;
                await Task.Delay(LeaseLook, surroundings.Time, interrupt).ConfigureAwait(false);
            }
        }
    }

    private async Task InterruptedAsync(RunId run)
    {
        if (json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "interrupted", run = run.ToString(), exit_code = ExitCode.Interrupted, resume = $"orchestrator resume {RunText.Short(run)}{journalHint}" }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Error.WriteLineAsync($"\nInterrupted. Nothing is lost; go on with: orchestrator resume {RunText.Short(run)}{journalHint}").ConfigureAwait(false);
        }
    }
}
