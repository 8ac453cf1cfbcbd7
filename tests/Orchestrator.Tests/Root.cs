namespace Orchestrator.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Root
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(System.IO.Path.Combine(directory, "Orchestrator.sln"))
            ? directory
            : Find(System.IO.Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Orchestrator.sln is in no directory above the tests."));
}
