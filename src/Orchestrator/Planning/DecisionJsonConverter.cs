using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>The decision's wire shape: <c>action</c> first, and one call written flat (<c>worker_id</c>, <c>payload</c>) where it is nothing more than that.</summary>
internal sealed class DecisionJsonConverter : JsonConverter<Decision>
{
    public override Decision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("action", out var action))
        {
            throw new JsonException("A decision is an object with an 'action': call_worker, continue, replan or finish.");
        }

        return action.ValueKind == JsonValueKind.String ? action.GetString() switch
        {
            "call_worker" => new Decision.CallWorker(ReadCalls(json)),
            "continue" => new Decision.Continue(ReadWake(json)),
            "replan" => new Decision.Replan(ReadPlan(Required(json, "plan"), options)),
            "finish" => ReadFinish(json),
            var other => throw new JsonException($"'{other}' is not an action; use call_worker, continue, replan or finish."),
        }
        : throw new JsonException("'action' is a string: call_worker, continue, replan or finish.");
    }

    public override void Write(Utf8JsonWriter writer, Decision value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case Decision.CallWorker { Calls: [var only] } when IsPlain(only):
                writer.WriteString("action", "call_worker");
                WriteCall(writer, only);
                break;
            case Decision.CallWorker call:
                writer.WriteString("action", "call_worker");
                writer.WriteStartArray("calls");
                foreach (var each in call.Calls)
                {
                    writer.WriteStartObject();
                    WriteCall(writer, each);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            case Decision.Continue wait:
                writer.WriteString("action", "continue");
                writer.WriteString("wake", wait.Wake switch { Decision.WakeOn.Failure => "failure", Decision.WakeOn.Idle => "idle", _ => "completion" });
                break;
            case Decision.Replan replan:
                writer.WriteString("action", "replan");
                writer.WritePropertyName("plan");
                JsonSerializer.Serialize(writer, replan.Plan, CoreJsonContext.Default.Plan);
                break;
            case Decision.Finish finish:
                WriteFinish(writer, finish);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(value.GetType().Name);
        }

        writer.WriteEndObject();
    }

    private static bool IsPlain(WorkerCall call) => call is { Version: 0, DependsOn: [], Step: null, RequiredBy: null, RequiredFor: null, BoundTo: null };

    private static void WriteCall(Utf8JsonWriter writer, WorkerCall call)
    {
        writer.WriteString("worker_id", call.Capability);
        if (call.Version != 0)
        {
            writer.WriteNumber("version", call.Version);
        }

        if (!call.Input.IsNone)
        {
            // A payload that the journal keeps elsewhere is written as a reference under a name of its own.
            var isPlain = call.Input.Blob is null && !call.Input.IsProtected;
            writer.WritePropertyName(isPlain ? "payload" : "payload_ref");
            if (isPlain)
            {
                call.Input.Inline.WriteTo(writer);
            }
            else
            {
                JsonSerializer.Serialize(writer, call.Input, CoreJsonContext.Default.Payload);
            }
        }

        if (call.DependsOn.Count > 0)
        {
            writer.WriteStartArray("depends_on");
            foreach (var id in call.DependsOn)
            {
                writer.WriteStringValue(id.ToString());
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteFinish(Utf8JsonWriter writer, Decision.Finish finish)
    {
        writer.WriteString("action", "finish");
        writer.WriteString("summary", finish.Summary);
        writer.WriteStartArray("artifacts");
        foreach (var artifact in finish.Artifacts)
        {
            writer.WriteStringValue(artifact);
        }

        writer.WriteEndArray();
        if (finish.Status != RunStatus.Succeeded)
        {
            writer.WriteString("status", finish.Status == RunStatus.Partial ? "partial" : "failed");
        }

        if (finish.Abandons.Count > 0)
        {
            writer.WriteStartArray("abandons");
            foreach (var id in finish.Abandons)
            {
                writer.WriteStringValue(id.ToString());
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Reads a plan under the profile that the decision is read under: strict from a model, tolerant from a journal.</summary>
    private static Plan ReadPlan(JsonElement json, JsonSerializerOptions options)
    {
        var type = options.TryGetTypeInfo(typeof(Plan), out var found) ? (JsonTypeInfo<Plan>)found : CoreJsonContext.Default.Plan;
        var plan = json.Deserialize(type) ?? throw new JsonException("'plan' is null.");

        // No profile looks into lists.
        return plan.Steps.All(step => step is not null && !step.DependsOn.Contains(null!) && !step.Reads.Contains(null!) && !step.Writes.Contains(null!))
            ? plan
            : throw new JsonException("A list in 'plan' holds a null.");
    }

    private static List<WorkerCall> ReadCalls(JsonElement json)
    {
        if (!TryGet(json, "calls", out var calls))
        {
            return [ReadCall(json)];
        }

        return calls.ValueKind == JsonValueKind.Array
            ? [.. calls.EnumerateArray().Select(ReadCall)]
            : throw new JsonException("'calls' is a list of calls.");
    }

    private static WorkerCall ReadCall(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A call is an object with a 'worker_id' and a 'payload'.");
        }

        var capability = Required(json, "worker_id");
        if (capability.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("'worker_id' is the name of a capability.");
        }

        var input = json.TryGetProperty("payload_ref", out var reference) ? reference.Deserialize(CoreJsonContext.Default.Payload)
            : json.TryGetProperty("payload", out var payload) ? Payload.Of(payload)
            : Payload.None;
        return new WorkerCall(capability.GetString()!, input)
        {
            Version = !TryGet(json, "version", out var version) ? 0
                : version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number >= 0 ? number
                : throw new JsonException("'version' is a whole number."),
            DependsOn = ReadIds(json, "depends_on"),
        };
    }

    private static Decision.Finish ReadFinish(JsonElement json) => new(ReadString(Required(json, "summary"), "summary"))
    {
        Artifacts = !TryGet(json, "artifacts", out var artifacts) ? []
            : artifacts.ValueKind == JsonValueKind.Array ? [.. artifacts.EnumerateArray().Select(artifact => ReadString(artifact, "artifacts"))]
            : throw new JsonException("'artifacts' is a list of strings."),
        Status = TryGet(json, "status", out var status) ? ReadString(status, "status") switch
        {
            "succeeded" => RunStatus.Succeeded,
            "partial" => RunStatus.Partial,
            "failed" => RunStatus.Failed,
            var other => throw new JsonException($"'{other}' is not a status to finish with; use succeeded, partial or failed."),
        }
        : RunStatus.Succeeded,
        Abandons = ReadIds(json, "abandons"),
    };

    private static Decision.WakeOn ReadWake(JsonElement json) => !TryGet(json, "wake", out var wake) ? Decision.WakeOn.Completion : ReadString(wake, "wake") switch
    {
        "completion" => Decision.WakeOn.Completion,
        "failure" => Decision.WakeOn.Failure,
        "idle" => Decision.WakeOn.Idle,
        var other => throw new JsonException($"'{other}' is not a wake; use completion, failure or idle."),
    };

    private static IReadOnlyList<CallId> ReadIds(JsonElement json, string name)
    {
        if (!TryGet(json, name, out var ids))
        {
            return [];
        }

        return ids.ValueKind == JsonValueKind.Array
            ? [.. ids.EnumerateArray().Select(id => CallId.TryParse(ReadString(id, name), null, out var call) ? call : throw new JsonException($"'{name}' lists call ids such as 'c3'."))]
            : throw new JsonException($"'{name}' is a list of call ids.");
    }

    /// <summary>An optional member. Null counts as missing: models write it for what they leave out, and asking again would cost money.</summary>
    private static bool TryGet(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static string ReadString(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new JsonException($"'{name}' takes a string.");

    private static JsonElement Required(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value : throw new JsonException($"A decision of this action needs '{name}'.");
}
