namespace Orchestrator.Cli;

/// <summary>Shows a run while it goes on. Used by one caller at a time.</summary>
internal interface IRunView : IAsyncDisposable
{
    /// <summary>Takes note of an event that was shown before, or need not be: what is shown next may refer to it. Called before anything is shown.</summary>
    void Recall(RunEvent.Recorded recorded);

    /// <summary>Shows one more event.</summary>
    ValueTask ShowAsync(RunEvent.Recorded recorded);
}
