using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Cli;

/// <summary>What a run looks like while it goes on, kept up to date event by event. Not safe for concurrent use.</summary>
internal sealed class RunBoard
{
    private readonly Dictionary<CallId, Row> _rows = [];

    /// <summary>The calls, in the order they came about.</summary>
    public IReadOnlyCollection<Row> Rows => _rows.Values;

    /// <summary>When the first event was added that was not only recalled.</summary>
    public DateTimeOffset? Started { get; private set; }

    /// <summary>Sequence of the last event.</summary>
    public long Sequence { get; private set; }

    public TokenUsage Usage { get; private set; }

    public decimal Cost { get; private set; }

    public string CapabilityOf(CallId call) => _rows.TryGetValue(call, out var row) ? row.Capability : call.ToString();

    public void Add(RunEvent.Recorded recorded)
    {
        Started ??= recorded.At;
        Recall(recorded);
    }

    /// <summary>Takes an event in without starting the clock: one from before anybody looked on.</summary>
    public void Recall(RunEvent.Recorded recorded)
    {
        Sequence = recorded.Sequence;
        switch (recorded.Event)
        {
            case RunEvent.CallCreated created:
                _rows[created.Call] = new Row(created.Call, NameOf(created.Request));
                break;
            case RunEvent.CallStarted started:
                Change(started.Call, row => row with { State = "running", Started = row.Started ?? recorded.At });
                break;
            case RunEvent.QuestionAsked asked:
                Change(asked.Call, row => row with { State = "asks" });
                break;
            case RunEvent.AttemptEnded ended:
                Usage += ended.Receipt.Usage;
                Cost += ended.Receipt.Cost ?? 0;
                Change(ended.Call, row => row with { Tokens = row.Tokens + ended.Receipt.Usage.Total });
                break;
            case RunEvent.CallEnded ended:
                Change(ended.Call, row => row with { State = ended.Result.Succeeded ? "done" : "failed", Ended = recorded.At, Outcome = RunText.Of(ended.Result) });
                break;
        }
    }

    /// <summary>What a call does; of test runs also on which tree, because a test that fails on the old code is good news.</summary>
    private static string NameOf(WorkerCall call)
    {
        var at = call.Capability == Verify.Capability && call.Input.Inline is { ValueKind: JsonValueKind.Object } input && input.TryGetProperty("at", out var place) ? place.GetString() : "";
        return at switch
        {
            "base" => "verify (old code)",
            "base_with_new_tests" => "verify (new tests on old code)",
            _ => call.Capability,
        };
    }

    private void Change(CallId call, Func<Row, Row> change)
    {
        // The decider's attempts belong to no call.
        if (_rows.TryGetValue(call, out var row))
        {
            _rows[call] = change(row);
        }
    }

    internal sealed record Row(CallId Call, string Capability)
    {
        public string State { get; init; } = "waiting";

        public DateTimeOffset? Started { get; init; }

        public DateTimeOffset? Ended { get; init; }

        public long Tokens { get; init; }

        public string Outcome { get; init; } = "";
    }
}
