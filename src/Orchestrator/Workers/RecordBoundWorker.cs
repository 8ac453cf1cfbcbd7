using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>What all workers over records share: their input is bound and their output is searched for changes in the same way.</summary>
internal abstract class RecordBoundWorker<TInput>(JsonTypeInfo<TInput> input, JsonTypeInfo output, IInputBinder<TInput>? binder) : BoundWorker
    where TInput : class
{
    private readonly Lazy<JsonElement> _schema = new(() => ContractSchema.Of(input));

    private readonly string[] _patches = [.. output.Properties.Where(member => member.PropertyType == typeof(PatchText)).Select(member => member.Name)];

    private readonly string[] _files =
    [
        .. output.Properties
            .Where(member => !member.PropertyType.IsValueType && output.Options.GetTypeInfo(member.PropertyType).ElementType == typeof(CodeFile))
            .Select(member => member.Name),
    ];

    public override JsonElement InputSchema => _schema.Value;

    protected async ValueTask<TInput> BindInputAsync(JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken)
    {
        if (binder is null)
        {
            return await InputBinder.BindAsync(payload, input, files, task, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await binder.BindAsync(payload, files, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidInputException($"{binder.GetType().Name} bound the payload to null.");
        }
        catch (OrchestratorException e) when (e is not InvalidInputException)
        {
            throw new InvalidInputException(e.Message, e);
        }
    }

    public override OutputPatch PatchIn(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object || (_patches.Length == 0 && _files.Length == 0))
        {
            return OutputPatch.None;
        }

        return new OutputPatch([.. _patches.Select(name => Text(output, name)).OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text))], [.. _files.SelectMany(name => Files(output, name))]);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<CodeFile> Files(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var item in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
        {
            if (RepoPath.TryParse(Text(item, "path"), null, out var path) && Text(item, "code") is { } code)
            {
                yield return new CodeFile(path, code);
            }
        }
    }
}
