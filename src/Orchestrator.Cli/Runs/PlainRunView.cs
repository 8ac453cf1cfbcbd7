using System.Globalization;

namespace Orchestrator.Cli;

/// <summary>Shows what happens as plain lines, each with the time since the first of them.</summary>
internal sealed class PlainRunView(Surroundings surroundings) : IRunView
{
    private readonly RunBoard _board = new();

    public void Recall(RunEvent.Recorded recorded) => _board.Recall(recorded);

    public async ValueTask ShowAsync(RunEvent.Recorded recorded)
    {
        _board.Add(recorded);
        if (RunText.Of(recorded.Event, _board) is { } line)
        {
            await surroundings.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(recorded.At - _board.Started!.Value).TotalSeconds,7:0.0} s  {line}")).ConfigureAwait(false);
            await surroundings.Out.FlushAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
