using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Makes a worker's typed input out of a call's payload: what the task knows is filled in, files are read by path, the rest is read strictly.</summary>
internal static class InputBinder
{
    /// <exception cref="InputBindingException">The payload does not fit the contract, or names a file that is missing or is no text.</exception>
    public static async ValueTask<T> BindAsync<T>(JsonElement payload, JsonTypeInfo<T> type, IFileReader files, TaskRequest task, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var intent = ReadIntent(payload);
            var writes = ReadyMadeInputs.Shape(typeof(T), intent);
            FillFromTask(intent, type, task);
            await ReadyMadeInputs.FillAsync(typeof(T), intent, writes, files, cancellationToken).ConfigureAwait(false);
            await FileBinder.BindAsync(intent, type, files, cancellationToken).ConfigureAwait(false);

            using var document = JsonDocument.Parse(intent.ToJsonString(), new JsonDocumentOptions { MaxDepth = ContractReader.MaxDepth + 1 });
            var reading = ContractReader.Read(document.RootElement, type);
            return reading.Value ?? throw new InputBindingException($"The payload does not fit the contract: {string.Join("; ", reading.Violations)}.");
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            throw new InputBindingException("The payload cannot be read: " + e.Message, e);
        }
    }

    private static JsonObject ReadIntent(JsonElement payload)
    {
        if (payload.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return [];
        }

        // Parsed anew: a payload that is shaped here must not share anything with the one on record.
        return payload.ValueKind == JsonValueKind.Object
            ? (JsonObject)JsonNode.Parse(payload.GetRawText())!
            : throw new InputBindingException($"A payload is a JSON object; this one is of kind {payload.ValueKind}.");
    }

    /// <summary>A decision needs not repeat what the task says.</summary>
    private static void FillFromTask(JsonObject intent, JsonTypeInfo type, TaskRequest task)
    {
        Fill(intent, type, "task_id", typeof(string), () => task.Id.Length == 0 ? null : task.Id);
        Fill(intent, type, "goal", typeof(string), () => task.Goal.Length == 0 ? null : task.Goal);
        Fill(intent, type, "logs", typeof(IReadOnlyList<string>), () => task.Attachments.Count == 0 ? null : ToArray(task.Attachments.Select(InputPiece.AttachmentText)));
        Fill(intent, type, "constraints", typeof(IReadOnlyList<string>), () => task.Constraints.Count == 0 ? null : ToArray(task.Constraints));
    }

    private static void Fill(JsonObject intent, JsonTypeInfo type, string member, Type memberType, Func<JsonNode?> value)
    {
        if (JsonShape.IsMissing(intent[member]) && type.Properties.Any(property => property.Name == member && property.PropertyType == memberType) && value() is { } filled)
        {
            intent[member] = filled;
        }
    }

    internal static JsonArray ToArray(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
