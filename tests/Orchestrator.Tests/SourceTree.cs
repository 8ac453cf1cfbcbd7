using System.Reflection;
using System.Xml.Linq;

namespace Orchestrator.Tests;

/// <summary>The source code that house rules are checked on. New packages, folders and files are found without being listed here.</summary>
internal static class SourceTree
{
    public static string Source { get; } = Path.Combine(Root.Path, "src");

    /// <summary>Every package of ours that this test project can load.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Projects().Select(project => Path.GetFileNameWithoutExtension(project))
            .Where(name => File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")))
            .Select(name => Assembly.Load(name)),
    ];

    public static IEnumerable<string> Projects() => Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories).Where(IsOurs).Order();

    public static IEnumerable<string> Files(string? under = null) =>
        Directory.GetFiles(under is null ? Source : Path.Combine(Source, under), "*.cs", SearchOption.AllDirectories).Where(IsOurs).Order();

    public static string Relative(string file) => Path.GetRelativePath(Source, file).Replace('\\', '/');

    public static IEnumerable<string> PackageReferences(string project) => References(project, "PackageReference").Where(name => name != "Microsoft.CodeAnalysis.BannedApiAnalyzers");

    public static IEnumerable<string> ProjectReferences(string project) =>
        References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static bool IsOurs(string file)
    {
        var parts = Relative(file).Split('/');
        return !parts.Contains("bin") && !parts.Contains("obj");
    }
}
