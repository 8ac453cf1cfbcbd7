using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>What a capability takes and gives: a name, a version, and two records with their JSON schemas.</summary>
/// <typeparam name="TInput">The input; see <see cref="IWorker{TInput, TOutput}"/> for members that are bound by path.</typeparam>
/// <typeparam name="TOutput">The output. Where it implements <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/>, a model's reply is checked by that too.</typeparam>
/// <remarks>Immutable and safe for concurrent use. Keep one instance per contract.</remarks>
public sealed class WorkerContract<TInput, TOutput>
    where TInput : class
    where TOutput : class
{
    private readonly Lazy<JsonElement> _inputSchema;
    private readonly Lazy<JsonElement> _outputSchema;

    /// <summary>Makes a contract over generated JSON metadata.</summary>
    /// <param name="capability">The name it is called by.</param>
    /// <param name="version">The version of both shapes; one and up.</param>
    /// <param name="inputType">Metadata of the input, in snake_case.</param>
    /// <param name="outputType">Metadata of the output, in snake_case.</param>
    public WorkerContract(string capability, int version, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(capability);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentNullException.ThrowIfNull(inputType);
        ArgumentNullException.ThrowIfNull(outputType);
        Capability = capability;
        Version = version;
        InputType = inputType;
        OutputType = outputType;
        _inputSchema = new(() => ContractSchema.Of(inputType));
        _outputSchema = new(() => ContractSchema.Of(outputType));
    }

    /// <summary>Makes a contract over metadata found by reflection, in snake_case.</summary>
    /// <param name="capability">The name it is called by.</param>
    /// <param name="version">The version of both shapes; one and up.</param>
    [RequiresUnreferencedCode("Reads both records by reflection; where code is trimmed, pass generated metadata.")]
    [RequiresDynamicCode("Reads both records by reflection; where code is compiled ahead of time, pass generated metadata.")]
    public WorkerContract(string capability, int version = 1)
        : this(
            capability,
            version,
            (JsonTypeInfo<TInput>)WireJson.Reflective.GetTypeInfo(typeof(TInput)),
            (JsonTypeInfo<TOutput>)WireJson.Reflective.GetTypeInfo(typeof(TOutput)))
    {
    }

    /// <summary>The name it is called by.</summary>
    public string Capability { get; }

    /// <summary>The version of both shapes.</summary>
    public int Version { get; }

    /// <summary>Metadata of the input.</summary>
    public JsonTypeInfo<TInput> InputType { get; }

    /// <summary>Metadata of the output.</summary>
    public JsonTypeInfo<TOutput> OutputType { get; }

    /// <summary>JSON schema of a call's payload: files that are bound by path are strings in it.</summary>
    public JsonElement InputSchema => _inputSchema.Value;

    /// <summary>JSON schema of the output, as model providers ask for it: nothing undeclared, every member required, optional ones nullable.</summary>
    public JsonElement OutputSchema => _outputSchema.Value;

    /// <summary>A call of this capability and version. Files that the input names are bound when the call starts.</summary>
    public WorkerCall Call(TInput input) =>
        WorkerCall.To(Capability, PayloadShape.Unbind(JsonSerializer.SerializeToElement(input, InputType), InputType)) with { Version = Version };

    /// <summary>The output of a call that has ended.</summary>
    /// <param name="context">Fetches the output, wherever the journal keeps it.</param>
    /// <param name="call">The call; of this contract.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The output, or <see langword="null"/> where the call has none that keeps the contract.</returns>
    public ValueTask<TOutput?> OutputAsync(DeciderContext context, CallState? call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.OutputAsync(call, OutputType, cancellationToken);
    }

    /// <inheritdoc cref="OutputAsync(DeciderContext, CallState?, CancellationToken)"/>
    public ValueTask<TOutput?> OutputAsync(PolicyContext context, CallState? call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.OutputAsync(call, OutputType, cancellationToken);
    }

    /// <summary>The output of a call that has ended, out of the record of its run.</summary>
    /// <param name="record">The record.</param>
    /// <param name="call">The call; of this contract, and of that run.</param>
    /// <returns>The output, or <see langword="null"/> where the call has none that keeps the contract.</returns>
    public TOutput? Output(RunRecord record, CallState? call)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Output(call, OutputType);
    }
}
