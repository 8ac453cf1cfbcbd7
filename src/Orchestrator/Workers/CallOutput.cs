using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Reads the output of a call as a record, wherever the journal keeps it.</summary>
internal static class CallOutput
{
    /// <returns>The output, or <see langword="null"/> where the call has not ended, or with nothing that keeps its contract.</returns>
    public static async ValueTask<T?> ReadAsync<T>(CallState? call, JsonTypeInfo<T> type, Func<Payload, CancellationToken, ValueTask<JsonElement>> read, CancellationToken cancellationToken)
        where T : class
    {
        if (!TryFind(call, out var output))
        {
            return null;
        }

        var json = await read(output, cancellationToken).ConfigureAwait(false);
        return Parse(json, type);
    }

    /// <returns>The record, or <see langword="null"/> where the JSON does not fit: nobody has checked what a worker that gives JSON gave.</returns>
    public static T? Parse<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return json.ValueKind == JsonValueKind.Undefined ? null : json.Deserialize(type);
        }
        catch (Exception e) when (ContractReader.IsBadJson(e))
        {
            return null;
        }
    }

    /// <returns>Whether the call has ended with an output that keeps its contract.</returns>
    public static bool TryFind(CallState? call, out Payload output)
    {
        output = call?.Result is { Validity: <= CallResult.ReplyValidity.Repaired } result ? result.Output : default;
        return !output.IsNone;
    }
}
