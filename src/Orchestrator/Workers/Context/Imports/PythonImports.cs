using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary><c>import a.b</c>, <c>from a.b import c</c>, <c>from .x import y</c>: modules are files or folders with an <c>__init__.py</c>.</summary>
internal static partial class PythonImports
{
    public static IEnumerable<string> Of(string path, string text, PathIndex index)
    {
        foreach (Match match in Import().Matches(text))
        {
            if (match.Groups["module"].Success)
            {
                foreach (var module in match.Groups["module"].Value.Split(','))
                {
                    foreach (var file in Modules(path, module.Trim().Split(' ')[0], index))
                    {
                        yield return file;
                    }
                }

                continue;
            }

            var from = match.Groups["from"].Value;
            var names = match.Groups["names"].Value.Trim('(', ')').Split([',', '\n']).Select(name => name.Trim().Split(' ')[0]).Where(name => name.Length > 0 && name != "*");
            foreach (var file in Modules(path, from, index).Concat(names.SelectMany(name => Modules(path, from.EndsWith('.') ? from + name : $"{from}.{name}", index))))
            {
                yield return file;
            }
        }
    }

    private static IEnumerable<string> Modules(string path, string module, PathIndex index)
    {
        var dots = module.Length - module.TrimStart('.').Length;
        var parts = module[dots..].Replace('.', '/');
        if (dots > 0)
        {
            var folder = PathIndex.FolderOf(path);
            for (var up = 1; up < dots; up++)
            {
                folder = PathIndex.FolderOf(folder);
            }

            var target = parts.Length == 0 ? folder : PathIndex.Resolve(folder, parts)!;
            return ((string[])[target + ".py", target + "/__init__.py"]).Where(index.Contains);
        }

        // Which folders are roots is a matter of settings that lie elsewhere, so the nearest file of that name.
        return parts.Length == 0 ? []
            : ((string?[])[PathIndex.Nearest(index.EndingIn(parts + ".py"), path), PathIndex.Nearest(index.EndingIn(parts + "/__init__.py"), path)]).OfType<string>();
    }

    [GeneratedRegex(@"^[ \t]*(?:import[ \t]+(?<module>[\w., \t]+)|from[ \t]+(?<from>\.*[\w.]*)[ \t]+import[ \t]+(?<names>\([^)]*\)|[^\n#]+))", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Import();
}
