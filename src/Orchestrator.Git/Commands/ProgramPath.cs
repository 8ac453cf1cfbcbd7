namespace Orchestrator;

/// <summary>Finds programs by name on the search path, and there only.</summary>
/// <remarks>.NET looks into the current folder first, which is where a repository that nobody trusts yet may keep a program of the same name.</remarks>
internal static class ProgramPath
{
    /// <summary>The program's full path; the name as it stands where it is a path already, or is found nowhere.</summary>
    public static string Find(string name) => OperatingSystem.IsWindows() || name.Contains('/', StringComparison.Ordinal)
        ? name
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? name;
}
