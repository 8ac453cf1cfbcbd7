using System.Globalization;
using Spectre.Console;

namespace Orchestrator.Cli;

/// <summary>Draws the calls of a run on a terminal and keeps them up to date: state, time, tokens, cost.</summary>
internal sealed class LiveRunView : IRunView
{
    private const int MostRows = 15;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly RunBoard _board = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _drawing;
    private string _last = "";

    public LiveRunView(Surroundings surroundings)
    {
        _time = surroundings.Time;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(surroundings.Out), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });
        _drawing = console.Live(Draw()).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(DrawAsync);
    }

    public void Recall(RunEvent.Recorded recorded)
    {
        lock (_gate)
        {
            _board.Recall(recorded);
        }
    }

    public ValueTask ShowAsync(RunEvent.Recorded recorded)
    {
        lock (_gate)
        {
            _board.Add(recorded);
            _last = RunText.Of(recorded.Event, _board) ?? _last;
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _drawing.ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task DrawAsync(LiveDisplayContext display)
    {
        using var beat = new PeriodicTimer(Beat, _time);
        try
        {
            while (true)
            {
                display.UpdateTarget(Draw());
                await beat.WaitForNextTickAsync(_over.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            display.UpdateTarget(Draw());
        }
    }

    private Rows Draw()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var table = new Table().Border(TableBorder.None).AddColumns("call", "work", "state");
            table.AddColumn(new TableColumn("time").RightAligned()).AddColumn(new TableColumn("tokens").RightAligned()).AddColumn("outcome");
            foreach (var row in _board.Rows.TakeLast(MostRows))
            {
                table.AddRow(
                    new Text(row.Call.ToString()),
                    new Text(row.Capability),
                    new Text(row.State, StyleOf(row.State)),
                    new Text(row.Started is { } started ? RunText.Of((row.Ended ?? now) - started) : ""),
                    new Text(row.Tokens > 0 ? row.Tokens.ToString(CultureInfo.InvariantCulture) : ""),
                    new Text(row.Outcome).Overflow(Overflow.Ellipsis));
            }

            var elapsed = _board.Started is { } start ? RunText.Of(now - start) : "";
            return new Rows(table, new Text($"{elapsed}  {RunText.Of(_board.Usage, _board.Cost)}", new Style(decoration: Decoration.Dim)), new Text(_last, new Style(decoration: Decoration.Dim)).Overflow(Overflow.Ellipsis));
        }
    }

    private static Style StyleOf(string state) => state switch
    {
        "done" => new Style(Color.Green),
        "failed" => new Style(Color.Red),
        "running" or "asks" => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
