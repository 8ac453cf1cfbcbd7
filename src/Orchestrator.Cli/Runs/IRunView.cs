namespace Orchestrator.Cli;

/// <summary>Shows a run while it goes on. Used by one caller at a time.</summary>
internal interface IRunView : IAsyncDisposable
{
    /// <summary>Shows one more event.</summary>
    ValueTask ShowAsync(RunEvent.Recorded recorded);
}
