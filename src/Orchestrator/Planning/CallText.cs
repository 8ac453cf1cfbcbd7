using System.Text.Json;

namespace Orchestrator;

/// <summary>Writes the calls for a model that decides: what is open, then what failed, then what succeeded, the newest first in each; the rest is counted.</summary>
internal static class CallText
{
    /// <summary>Room for the line that counts what is not shown.</summary>
    private const int Reserve = 200;

    private const int MostInput = 400;
    private const int MostError = 1_500;

    public static void Write(BoundedText text, TaskState state, IReadOnlyDictionary<CallId, JsonElement>? outputs)
    {
        var calls = state.Calls;
        var (open, failed, succeeded) = (state.OpenCalls.Count, 0, 0);
        for (var number = calls.Count; number > 0; number--)
        {
            var call = state.Find(new CallId(number))!;
            failed += call.Failed ? 1 : 0;
            succeeded += call.Succeeded ? 1 : 0;
        }

        // What is under way and what failed leave at least half of the room to what succeeded.
        var room = text.Left - Reserve;
        text.Part(room, part =>
        {
            open -= WriteWhile(part, state, call => call.Result is null, outputs, room * 3 / 4);
            failed -= WriteWhile(part, state, call => call.Failed, outputs, room / 2);
            succeeded -= WriteWhile(part, state, call => call.Succeeded, outputs, 0);
        });
        if (open + failed + succeeded > 0)
        {
            text.Line($"- not shown: {DeciderView.Number(succeeded)} that succeeded, {DeciderView.Number(failed)} that failed, {DeciderView.Number(open)} under way");
        }
    }

    private static int WriteWhile(BoundedText text, TaskState state, Func<CallState, bool> condition, IReadOnlyDictionary<CallId, JsonElement>? outputs, int untilLeft)
    {
        var written = 0;
        for (var number = state.Calls.Count; number > 0 && text.Left > untilLeft; number--)
        {
            if (state.Find(new CallId(number)) is { } call && condition(call))
            {
                if (!Write(text, call, outputs))
                {
                    break;
                }

                written++;
            }
        }

        return written;
    }

    private static bool Write(BoundedText text, CallState call, IReadOnlyDictionary<CallId, JsonElement>? outputs)
    {
        var step = call.Call.Step is { } id ? $" for step {id}" : "";
        var policy = call.Call.RequiredBy is { } by ? $", required by {by}" : "";
        if (!text.Line($"- {call.Id} {call.Call.Capability}{step}{policy}: {StandingOf(call)}"))
        {
            return false;
        }

        var most = Math.Max(MostInput, text.Left / 6);
        text.Text("  payload: ", JsonOf(call.Call.Input), MostInput);
        if (call.Result is not { } result)
        {
            return true;
        }

        text.Text("  error: ", result.Error is { } error ? $"{error.Code}: {error.Message}" : "", MostError);
        text.Text("  tests: ", TestsOf(result), MostError);
        var output = outputs?.TryGetValue(call.Id, out var read) == true ? read.ValueKind == JsonValueKind.Undefined ? "" : read.GetRawText() : JsonOf(result.Output);
        text.Text("  output: ", output, most);
        return true;
    }

    private static string StandingOf(CallState call) => call switch
    {
        { Result: { } result } => string.Concat(
            result.Succeeded ? result.Claim == WorkerClaim.Partial ? "succeeded in part" : "succeeded" : "failed",
            result.Applied is null ? "" : ", its patch is applied",
            result.Warnings.Count == 0 ? "" : $", with {DeciderView.Number(result.Warnings.Count)} warnings"),
        { Status: CallState.Phase.AwaitingAnswer } => "waits for a person's answer",
        { Call.DependsOn.Count: > 0 } => $"under way, after {string.Join(", ", call.Call.DependsOn)}",
        _ => "under way",
    };

    private static string TestsOf(CallResult result) => result.Evidence is not { } evidence ? ""
        : FormattableString.Invariant($"{(evidence.Green ? "green" : "not green")}, {evidence.Passed} passed, {evidence.Failed} failed")
            + (evidence.Failing.Count > 0 ? $": {string.Join(", ", evidence.Failing.Take(20))}" : "");

    /// <summary>What stands in the event itself; the rest has to be fetched by whoever has more than the state.</summary>
    private static string JsonOf(Payload payload) => payload.IsProtected || payload.Inline.ValueKind == JsonValueKind.Undefined ? "" : payload.Inline.GetRawText();
}
