using Microsoft.Extensions.AI;

namespace Orchestrator;

internal sealed class NoModels : IModels
{
    public static NoModels Instance { get; } = new();

    public IChatClient Get(string name) => throw new OrchestratorException($"There is no model '{name}' here: this context was made without models.");
}
