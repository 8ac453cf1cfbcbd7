using System.Text.Json;

namespace Orchestrator;

internal sealed class JsonBoundWorker(IWorker worker) : BoundWorker
{
    public override ValueTask<Func<WorkerContext, CancellationToken, Task<WorkerReply>>> BindAsync(
        JsonElement payload, IFileReader files, TaskRequest task, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Func<WorkerContext, CancellationToken, Task<WorkerReply>>>((context, token) => RunAsync(payload, context, token));

    public override OutputPatch PatchIn(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object && output.TryGetProperty("patch", out var patch) && patch.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(patch.GetString())
            ? new OutputPatch([patch.GetString()!], [])
            : OutputPatch.None;

    private async Task<WorkerReply> RunAsync(JsonElement payload, WorkerContext context, CancellationToken cancellationToken)
    {
        var reply = await worker.RunAsync(payload, context, cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            null => BoundReply.None("The worker returned null instead of a reply."),
            { Output.ValueKind: JsonValueKind.Undefined } => BoundReply.None("The worker's reply has no output."),
            _ => BoundReply.CheckClaim(reply),
        };
    }
}
