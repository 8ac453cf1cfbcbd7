namespace Orchestrator;

/// <summary>What a file is written in, by the end of its name.</summary>
internal static class Languages
{
    private static readonly Dictionary<string, string> Code = new(StringComparer.Ordinal)
    {
        [".cs"] = "C#", [".fs"] = "F#", [".vb"] = "Visual Basic", [".py"] = "Python", [".pyi"] = "Python", [".js"] = "JavaScript", [".jsx"] = "JavaScript", [".mjs"] = "JavaScript",
        [".cjs"] = "JavaScript", [".ts"] = "TypeScript", [".tsx"] = "TypeScript", [".mts"] = "TypeScript", [".cts"] = "TypeScript", [".vue"] = "Vue", [".svelte"] = "Svelte", [".go"] = "Go",
        [".java"] = "Java", [".kt"] = "Kotlin", [".kts"] = "Kotlin", [".scala"] = "Scala", [".rs"] = "Rust", [".c"] = "C", [".h"] = "C", [".cc"] = "C++", [".cpp"] = "C++", [".cxx"] = "C++",
        [".hh"] = "C++", [".hpp"] = "C++", [".rb"] = "Ruby", [".php"] = "PHP", [".swift"] = "Swift", [".dart"] = "Dart", [".ex"] = "Elixir", [".exs"] = "Elixir", [".erl"] = "Erlang",
        [".hs"] = "Haskell", [".lua"] = "Lua", [".pl"] = "Perl", [".r"] = "R", [".sh"] = "Shell", [".ps1"] = "PowerShell", [".sql"] = "SQL", [".razor"] = "Razor", [".cshtml"] = "Razor", [".zig"] = "Zig",
    };

    private static readonly Dictionary<string, string> Other = new(StringComparer.Ordinal)
    {
        [".md"] = "Markdown", [".json"] = "JSON", [".yml"] = "YAML", [".yaml"] = "YAML", [".xml"] = "XML", [".html"] = "HTML", [".css"] = "CSS", [".scss"] = "CSS", [".toml"] = "TOML", [".proto"] = "Protocol Buffers",
    };

    /// <summary>The language; empty where it is none that is known.</summary>
    public static string Of(string path) => PathIndex.ExtensionOf(path) is var extension && Code.TryGetValue(extension, out var language) ? language : Other.GetValueOrDefault(extension, "");

    /// <summary>Whether a file is code that somebody wrote.</summary>
    public static bool IsCode(string path) => Code.ContainsKey(PathIndex.ExtensionOf(path))
        && !path.EndsWith(".min.js", StringComparison.Ordinal) && !path.EndsWith(".g.cs", StringComparison.Ordinal) && !path.EndsWith(".Designer.cs", StringComparison.Ordinal)
        && !path.StartsWith("node_modules/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal);
}
