namespace Orchestrator.Engine;

/// <summary>A decider under the name and version it was registered with.</summary>
internal sealed record Workflow(string Name, string Version, IDecider Decider);
