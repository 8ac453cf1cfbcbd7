using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>What a policy may reach beside the subject and the state.</summary>
/// <remarks>Belongs to one judgement and not beyond its end.</remarks>
public sealed class PolicyContext
{
    private readonly Func<Payload, CancellationToken, ValueTask<JsonElement>> _read;

    /// <summary>Makes a context by hand, as tests of policies do.</summary>
    /// <param name="read">Fetches payloads; without it, only payloads written into their event can be read.</param>
    public PolicyContext(Func<Payload, CancellationToken, ValueTask<JsonElement>>? read = null) =>
        _read = read ?? ((payload, _) => ValueTask.FromResult(payload.Inline));

    /// <summary>The content of a payload, wherever the journal keeps it and however it is sealed; of kind <see cref="JsonValueKind.Undefined"/> for none.</summary>
    public ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken = default) => _read(payload, cancellationToken);

    /// <summary>The output of a call that has ended, as a record.</summary>
    /// <returns>The output, or <see langword="null"/> where the call has none that fits.</returns>
    public ValueTask<T?> OutputAsync<T>(CallState? call, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
        where T : class => CallOutput.ReadAsync(call, type, _read, cancellationToken);
}
