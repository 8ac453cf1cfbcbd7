using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary><c>import … from './x'</c>, <c>require('./x')</c>, <c>import('./x')</c>, <c>export … from './x'</c> in JavaScript and TypeScript.</summary>
internal static partial class ScriptImports
{
    private static readonly string[] Endings = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".json", ".d.ts", "/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.mjs"];

    public static IEnumerable<string> Of(string path, string text, PathIndex index)
    {
        foreach (Match match in Import().Matches(text))
        {
            var name = match.Groups["name"].Value;
            var found = name.StartsWith('.')
                ? PathIndex.Resolve(PathIndex.FolderOf(path), name) is { } target ? Candidates(target).FirstOrDefault(index.Contains) : null
                : name.StartsWith("@/", StringComparison.Ordinal) || name.StartsWith("~/", StringComparison.Ordinal)
                    ? Candidates(name[2..]).Select(candidate => PathIndex.Nearest(index.EndingIn(candidate), path)).FirstOrDefault(file => file is not null)
                    : null;
            if (found is not null)
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<string> Candidates(string target)
    {
        foreach (var ending in Endings)
        {
            yield return target + ending;
        }

        // TypeScript is imported under the name that its output will have.
        if (target.EndsWith(".js", StringComparison.Ordinal) || target.EndsWith(".jsx", StringComparison.Ordinal))
        {
            var stem = target[..target.LastIndexOf('.')];
            yield return stem + ".ts";
            yield return stem + ".tsx";
        }
    }

    [GeneratedRegex(@"(?:\bfrom\s*|\bimport\s*(?:\(\s*)?|\brequire\s*\(\s*)(?<quote>['""`])(?<name>[^'""`\n]{1,300})\k<quote>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Import();
}
