namespace Orchestrator;

internal static class CodingWorkers
{
    public static IEnumerable<WorkerRegistration> All(string model, IReadOnlyDictionary<string, string> prompts) => throw new OrchestratorException($"pending {model} {prompts.Count}");
}
