namespace Orchestrator;

/// <summary>Which files of the repository a file leans on, by a look at its lines. Rough on purpose: a missed one costs nothing but a look, and no compiler is at hand.</summary>
internal static class Imports
{
    private const int MostText = 400_000;

    /// <summary>The languages that can be read, as groups of extensions that import one another.</summary>
    private static readonly string[][] Families =
    [
        [".cs"], [".py", ".pyi"], [".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"], [".go"], [".java", ".kt", ".kts", ".scala"], [".rs"], [".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp"],
    ];

    /// <summary>The files that a text names, in the order of their names, without the file itself.</summary>
    public static IReadOnlySet<string> Of(string path, string text, PathIndex index)
    {
        text = TextCut.Head(text, MostText);
        var found = PathIndex.ExtensionOf(path) switch
        {
            ".cs" => CSharpImports.Of(path, text, index),
            ".py" or ".pyi" => PythonImports.Of(path, text, index),
            ".js" or ".jsx" or ".mjs" or ".cjs" or ".ts" or ".tsx" or ".mts" or ".cts" or ".vue" or ".svelte" => ScriptImports.Of(path, text, index),
            ".go" => PackageImports.Go(path, text, index),
            ".java" or ".kt" or ".kts" or ".scala" => PackageImports.Java(path, text, index),
            ".rs" => RustImports.Of(path, text, index),
            ".c" or ".cc" or ".cpp" or ".cxx" or ".h" or ".hh" or ".hpp" => PackageImports.C(path, text, index),
            _ => [],
        };
        var others = new SortedSet<string>(found, StringComparer.Ordinal);
        others.Remove(path);
        return others;
    }

    /// <summary>A number for the language of a file that can be read; below zero for none. Files of one number can import one another.</summary>
    public static int FamilyOf(string path)
    {
        var extension = PathIndex.ExtensionOf(path);
        return Array.FindIndex(Families, family => Array.IndexOf(family, extension) >= 0);
    }
}
