using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Hands progress to those who look on. It is never recorded, and whoever looks on cannot hurt the run.</summary>
internal sealed class ProgressHub(IReadOnlyList<Action<RunId, CallId, string>> observers, ILogger logger)
{
    public bool HasObservers => observers.Count > 0;

    public void Report(RunId run, CallId call, string text)
    {
        foreach (var observer in observers)
        {
            try
            {
                observer(run, call, text);
            }
            catch (Exception e)
            {
                Log.ObserverFailed(logger, e);
            }
        }
    }
}
