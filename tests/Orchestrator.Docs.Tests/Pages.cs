using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>The README, the pages in docs/ and the samples' READMEs.</summary>
internal static partial class Pages
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Readme { get; } = Path.Combine(Root, "README.md");

    public static IReadOnlyList<string> All { get; } =
    [
        Readme,
        .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        .. Directory.GetFiles(Path.Combine(Root, "samples"), "README.md", SearchOption.AllDirectories).Where(IsSource).Order(StringComparer.Ordinal),
    ];

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>A page without its fenced blocks, so that what stands in code is not taken for prose.</summary>
    public static string Prose(string page) => Fence().Replace(File.ReadAllText(page), "");

    /// <summary>The fenced blocks of a page: language, the snippet named above it, and the text between the fences.</summary>
    public static IEnumerable<Block> Blocks(string page) => Fence().Matches(File.ReadAllText(page)).Select(match =>
        new Block(page, match.Groups["language"].Value, match.Groups["name"].Value, match.Groups["code"]));

    public static bool IsSource(string file) => !Relative(file).Split('/').Any(part => part is "bin" or "obj");

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "Orchestrator.sln"))
            ? directory
            : FindRoot(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Orchestrator.sln is in no directory above the tests."));

    [GeneratedRegex(@"(?:^<!-- snippet: (?<name>[\w./-]+) -->\n+)?^(?<fence>`{3,})(?<language>[\w-]*)[^\n]*\n(?<code>(?:.*\n)*?)^\k<fence>[ ]*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    /// <summary>One fenced block.</summary>
    internal sealed record Block(string Page, string Language, string Name, Group Code)
    {
        public override string ToString() => $"{Relative(Page)}: {(Name.Length > 0 ? Name : Code.Value.Split('\n')[0])}";
    }
}
