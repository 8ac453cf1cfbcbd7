using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// The pieces of compiled code that pages show: what stands between <c>// &lt;snippet:name&gt;</c> and <c>// &lt;/snippet&gt;</c>, several of one name joined by an
/// empty line, or a whole file of a sample by its path.
/// </summary>
internal static partial class Snippets
{
    private static readonly Dictionary<string, string> Regions = Directory
        .GetFiles(Path.Combine(Pages.Root, "tests", "Orchestrator.Docs.Tests", "Snippets"), "*.cs", SearchOption.AllDirectories)
        .Concat(Directory.GetFiles(Path.Combine(Pages.Root, "samples"), "*.cs", SearchOption.AllDirectories).Where(Pages.IsSource))
        .SelectMany(file => Region().Matches(File.ReadAllText(file)))
        .GroupBy(match => match.Groups["name"].Value)
        .ToDictionary(group => group.Key, group => string.Join("\n", group.Select(match => Unindented(match.Groups["code"].Value))));

    public static IReadOnlyCollection<string> Names => Regions.Keys;

    /// <summary>The code of that name, or <see langword="null"/> where there is none.</summary>
    public static string? Find(string name)
    {
        if (Regions.TryGetValue(name, out var region))
        {
            return region;
        }

        var file = Path.Combine(Pages.Root, name);
        return name.EndsWith(".cs", StringComparison.Ordinal) && File.Exists(file) ? Unindented(File.ReadAllText(file).TrimStart('\uFEFF')) : null;
    }

    private static string Unindented(string code)
    {
        var lines = code.Split('\n').Select(line => line.TrimEnd()).ToList();
        var indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : "")).Trim('\n') + "\n";
    }

    [GeneratedRegex(@"^[ ]*// <snippet:(?<name>[\w-]+)>\n(?<code>(?:.*\n)*?)[ ]*// </snippet>", RegexOptions.Multiline)]
    private static partial Regex Region();
}
