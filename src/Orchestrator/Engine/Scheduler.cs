using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Engine;

/// <summary>Says which calls can start, which plan steps become calls, and what can never start. Pure.</summary>
internal static class Scheduler
{
    /// <summary>Events that make calls of the plan steps whose inputs exist, and that end calls which wait for something that failed.</summary>
    public static List<RunEvent> Advance(TaskState state)
    {
        var events = new List<RunEvent>();
        foreach (var call in state.OpenCalls)
        {
            if (call.Status == CallStatus.Waiting && call.Call.DependsOn.FirstOrDefault(id => state.Find(id) is { Failed: true }) is { Number: > 0 } failed)
            {
                events.Add(new RunEvent.CallEnded(call.Id, CallResult.Failure(CallErrors.Blocked, $"{failed}, which this call depends on, did not succeed.")));
            }
        }

        var next = state.Calls.Count;
        foreach (var step in Startable(state))
        {
            events.Add(new RunEvent.CallCreated(new CallId(++next), new WorkerCall(PlanCheck.CapabilityOf(step), InputOf(step))
            {
                Step = step.Id,
                DependsOn = [.. step.DependsOn.Select(needed => state.PlanProgress.Calls[needed])],
            }));
        }

        return events;
    }

    /// <summary>The calls that may start now, in the order they came about.</summary>
    public static IEnumerable<CallState> Ready(TaskState state) => state.OpenCalls.Where(call => IsReady(call, state)).OrderBy(call => call.Id.Number);

    /// <summary>Whether nothing is under way and nothing can become so without a decision.</summary>
    public static bool IsIdle(TaskState state) => state.OpenCalls.Count == 0 && !Startable(state).Any();

    private static bool IsReady(CallState call, TaskState state) =>
        call.Status == CallStatus.Waiting
        && call.Call.DependsOn.All(id => state.Find(id) is { Succeeded: true })
        && call.Requirements.All(id => state.Find(id) is { Status: CallStatus.Done });

    private static IEnumerable<PlanStep> Startable(TaskState state)
    {
        var progress = state.PlanProgress;
        return progress.Plan.Steps.Count == progress.Calls.Count
            ? []
            : progress.Plan.Steps.Where(step => !progress.Calls.ContainsKey(step.Id) && step.DependsOn.All(needed => state.FindStep(needed) is { Succeeded: true }));
    }

    private static Payload InputOf(PlanStep step)
    {
        if (!step.Input.IsNone)
        {
            return step.Input;
        }

        var paths = new JsonArray([.. step.Writes.Concat(step.Reads).Distinct().Select(path => (JsonNode)JsonValue.Create(path))]);
        var input = new JsonObject { ["goal"] = step.Description, ["paths"] = paths };
        if (step.Writes is [var only])
        {
            input["file_path"] = only;
        }

        using var document = JsonDocument.Parse(input.ToJsonString());
        return Payload.Of(document.RootElement.Clone());
    }
}
