using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>What a decider may reach beside the state.</summary>
/// <remarks>Belongs to one decision and not beyond its end.</remarks>
public sealed class DeciderContext
{
    private readonly Func<Payload, CancellationToken, ValueTask<JsonElement>> _read;

    /// <summary>Makes a context by hand, as tests of deciders do.</summary>
    /// <param name="models">The models; without them, asking for one throws.</param>
    /// <param name="read">Fetches payloads; without it, only payloads written into their event can be read.</param>
    public DeciderContext(IModels? models = null, Func<Payload, CancellationToken, ValueTask<JsonElement>>? read = null)
    {
        Models = models ?? NoModels.Instance;
        _read = read ?? ((payload, _) => ValueTask.FromResult(payload.Inline));
    }

    /// <summary>The models, metered and recorded.</summary>
    public IModels Models { get; }

    /// <summary>Reads what the run started from; <see langword="null"/> where a test made this context.</summary>
    internal IFileReader? Files { get; init; }

    /// <summary>What can be called, in ordinal order.</summary>
    internal IReadOnlyList<CapabilityCard> Capabilities { get; init; } = [];

    /// <summary>The content of a payload, wherever the journal keeps it; of kind <see cref="JsonValueKind.Undefined"/> for none.</summary>
    public ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken = default) => _read(payload, cancellationToken);

    /// <summary>The output of a call that has ended, as a record.</summary>
    /// <returns>The output, or <see langword="null"/> where the call has none that fits.</returns>
    public ValueTask<T?> OutputAsync<T>(CallState? call, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
        where T : class => CallOutput.ReadAsync(call, type, _read, cancellationToken);
}
