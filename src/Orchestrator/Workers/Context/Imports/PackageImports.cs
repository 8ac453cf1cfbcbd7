using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Imports that name a folder or a file by the end of its path: Go, Java and its relatives, C.</summary>
internal static partial class PackageImports
{
    /// <summary>Of a package with many files, nobody knows which is meant.</summary>
    private const int MostOfPackage = 6;

    /// <summary>The files of the packages that a Go file imports.</summary>
    public static IEnumerable<string> Go(string path, string text, PathIndex index)
    {
        var names = GoBlock().Matches(text).SelectMany(block => Quoted().Matches(block.Groups["names"].Value)).Concat(GoSingle().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            yield break;
        }

        foreach (var package in index.All.Where(file => file.Value.EndsWith(".go", StringComparison.Ordinal) && !file.Value.EndsWith("_test.go", StringComparison.Ordinal)).GroupBy(file => PathIndex.FolderOf(file.Value)))
        {
            if (package.Key.Length > 0 && package.Key != PathIndex.FolderOf(path) && names.Any(name => name.EndsWith("/" + package.Key, StringComparison.Ordinal)))
            {
                foreach (var file in package.Take(MostOfPackage))
                {
                    yield return file.Value;
                }
            }
        }
    }

    /// <summary>The files of the classes that a Java, Kotlin or Scala file imports.</summary>
    public static IEnumerable<string> Java(string path, string text, PathIndex index) =>
        from Match match in JavaImport().Matches(text)
        let name = match.Groups["name"].Value.Replace('.', '/')
        from ending in (string[])[".java", ".kt", ".scala"]
        let file = PathIndex.Nearest(index.EndingIn(name + ending), path) ?? PathIndex.Nearest(index.EndingIn(PathIndex.FolderOf(name) + ending), path)
        where file is not null
        select file;

    /// <summary>The headers that a C or C++ file includes in quotes.</summary>
    public static IEnumerable<string> C(string path, string text, PathIndex index) =>
        from Match match in Include().Matches(text)
        let name = match.Groups["name"].Value
        let beside = PathIndex.Resolve(PathIndex.FolderOf(path), name)
        let file = beside is not null && index.Contains(beside) ? beside : PathIndex.Nearest(index.EndingIn(name.TrimStart('.', '/')), path)
        where file is not null
        select file;

    [GeneratedRegex(@"^import\s*\((?<names>[^)]*)\)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex GoBlock();

    [GeneratedRegex(@"^import\s+(?:[\w.]+\s+)?""(?<name>[^""\n]+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex GoSingle();

    [GeneratedRegex(@"""(?<name>[^""\n]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[ \t]*import[ \t]+(?:static[ \t]+)?(?<name>[\w.]+\.\w+)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex JavaImport();

    [GeneratedRegex(@"^[ \t]*\#[ \t]*include[ \t]*""(?<name>[^""\n]{1,300})""", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Include();
}
