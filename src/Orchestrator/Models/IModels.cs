using Microsoft.Extensions.AI;

namespace Orchestrator;

/// <summary>Gives workers and deciders their models: the only way to reach one that is metered, recorded and never paid for twice.</summary>
/// <remarks>Safe for concurrent use within the call or decision that it belongs to, and not beyond its end.</remarks>
public interface IModels
{
    /// <summary>The registered model of that name.</summary>
    /// <param name="name">The name given to <c>AddModel</c>.</param>
    /// <returns>A client whose every request is reserved, recorded, capped, retried and settled.</returns>
    /// <exception cref="OrchestratorException">No model of that name is registered; the message lists those that are.</exception>
    IChatClient Get(string name);
}
