namespace Orchestrator.Cli;

/// <summary>Shows every event as a line of JSON.</summary>
internal sealed class JsonRunView(Surroundings surroundings, RunId run) : IRunView
{
    public void Recall(RunEvent.Recorded recorded)
    {
        // Every line stands for itself.
    }

    public async ValueTask ShowAsync(RunEvent.Recorded recorded) => await CliJson.WriteAsync(surroundings.Out, RunJson.Of(run, recorded)).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
