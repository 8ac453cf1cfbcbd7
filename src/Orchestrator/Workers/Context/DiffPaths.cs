using Orchestrator.Patching;

namespace Orchestrator;

/// <summary>The files that a diff changes.</summary>
internal static class DiffPaths
{
    public static IReadOnlyList<string> In(string diff) => diff.Length == 0 ? [] : PatchSet.Parse(diff).WrittenPaths;
}
