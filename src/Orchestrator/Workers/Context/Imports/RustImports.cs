using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary><c>mod x;</c> and <c>use crate::a::b</c> in Rust, where a module is <c>x.rs</c> or <c>x/mod.rs</c>.</summary>
internal static partial class RustImports
{
    public static IEnumerable<string> Of(string path, string text, PathIndex index)
    {
        var folder = PathIndex.FolderOf(path);
        var own = PathIndex.StemOf(path) is "mod" or "lib" or "main" ? folder : $"{folder}/{PathIndex.StemOf(path)}".TrimStart('/');
        foreach (Match match in Use().Matches(text))
        {
            var module = match.Groups["module"];
            var parts = (module.Success ? module.Value : match.Groups["use"].Value).Split("::", StringSplitOptions.RemoveEmptyEntries);

            // The last part of a path is as likely a type as a module.
            for (var length = parts.Length; length > 0; length--)
            {
                var target = string.Join('/', parts[..length]);
                var found = module.Success || match.Groups["root"].Value == "self" ? In(own, target, index)
                    : match.Groups["root"].Value == "super" ? In(PathIndex.FolderOf(own), target, index)
                    : ((string[])[$"src/{target}.rs", $"src/{target}/mod.rs"]).Select(candidate => PathIndex.Nearest(index.EndingIn(candidate), path)).FirstOrDefault(file => file is not null);
                if (found is not null)
                {
                    yield return found;
                    break;
                }
            }
        }
    }

    private static string? In(string folder, string target, PathIndex index) =>
        ((string[])[$"{folder}/{target}.rs", $"{folder}/{target}/mod.rs"]).Select(candidate => candidate.TrimStart('/')).FirstOrDefault(index.Contains);

    [GeneratedRegex(@"^[ \t]*(?:pub(?:\([a-z]+\))?[ \t]+)?(?:mod[ \t]+(?<module>\w+)[ \t]*;|use[ \t]+(?<root>crate|self|super)::(?<use>[\w:]+))", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Use();
}
