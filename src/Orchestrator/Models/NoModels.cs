using Microsoft.Extensions.AI;

namespace Orchestrator;

internal sealed class NoModels : IModels
{
    public static NoModels Instance { get; } = new();

    public IChatClient Get(string name) => throw new OrchestratorException($"No model '{name}' is registered here (none is); register it with AddModel(\"{name}\", …).");
}
