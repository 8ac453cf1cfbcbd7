using System.Text.Json;

namespace Orchestrator;

/// <summary>A registered worker, closed over its types once, ready to be called with a payload.</summary>
internal sealed record BoundWorker(
    WorkerRegistration Registration,
    Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> RunAsync);
