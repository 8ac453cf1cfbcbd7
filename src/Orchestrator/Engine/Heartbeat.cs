using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Keeps a claim alive while a run is driven, and tells the session when it is lost.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly PeriodicTimer _timer;
    private readonly Task _beating;

    public Heartbeat(RunSession session, IRunJournal journal, TimeSpan lease, Action wake, ILogger logger)
    {
        _timer = new PeriodicTimer(lease / 3, session.Time);
        _beating = BeatAsync(session, journal, lease, wake, logger);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _beating.ConfigureAwait(false);
    }

    private async Task BeatAsync(RunSession session, IRunJournal journal, TimeSpan lease, Action wake, ILogger logger)
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                if (!await journal.RenewAsync(session.Claim, lease, CancellationToken.None).ConfigureAwait(false))
                {
                    session.Lose();
                    wake();
                    return;
                }
            }
            catch (Exception e)
            {
                // Appends are what must not go wrong; a journal that is really gone fails them too.
                Log.RenewFailed(logger, e);
            }
        }
    }
}
