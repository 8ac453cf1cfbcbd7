using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>The changes in a worker's output: patches as they were written, and files that are given whole.</summary>
internal sealed record OutputPatch(IReadOnlyList<string> Patches, IReadOnlyList<CodeFile> Files)
{
    public static OutputPatch None { get; } = new([], []);

    public bool IsEmpty => Patches.Count == 0 && Files.Count == 0;
}
