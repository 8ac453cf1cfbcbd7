using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Finds out how a repository is built and tested, by looking at the files that say so.</summary>
internal static partial class FoundCommands
{
    private const int MostScripts = 8;

    /// <summary>One command.</summary>
    /// <param name="Purpose"><c>Build</c>, <c>Test</c> or what a script is called.</param>
    /// <param name="Command">The command.</param>
    /// <param name="Because">The file that speaks for it.</param>
    internal sealed record Found(string Purpose, string Command, string Because);

    /// <summary>Every command that was found, by kind of project.</summary>
    /// <param name="paths">All files.</param>
    /// <param name="read">Gives the text of a small file; empty where there is none.</param>
    public static async ValueTask<IReadOnlyList<Found>> FindAsync(IReadOnlyList<RepoPath> paths, Func<string, ValueTask<string>> read)
    {
        var found = new List<Found>();
        AddDotNet(found, paths);
        if (Nearest(paths, path => path.Name == "package.json") is { } package)
        {
            AddScripts(found, package, await read(package).ConfigureAwait(false), paths);
        }

        await AddPythonAsync(found, paths, read).ConfigureAwait(false);
        AddFixed(found, paths, "go.mod", "go build ./...", "go test ./...");
        AddFixed(found, paths, "Cargo.toml", "cargo build", "cargo test");
        AddFixed(found, paths, "pom.xml", "mvn compile", "mvn test");
        AddFixed(found, paths, "build.gradle", "gradle build", "gradle test");
        AddFixed(found, paths, "build.gradle.kts", "gradle build", "gradle test");
        if (paths.Any(path => path.Value == "Makefile"))
        {
            var targets = Target().Matches(await read("Makefile").ConfigureAwait(false)).Select(match => match.Groups["name"].Value).Distinct().Take(MostScripts);
            found.AddRange(targets.Select(target => new Found(PurposeOf(target), $"make {target}", "Makefile")));
        }

        return found;
    }

    private static void AddDotNet(List<Found> found, IReadOnlyList<RepoPath> paths)
    {
        var target = Nearest(paths, path => path.Name.EndsWith(".sln", StringComparison.Ordinal) || path.Name.EndsWith(".slnx", StringComparison.Ordinal))
            ?? Nearest(paths, path => path.Name.EndsWith("proj", StringComparison.Ordinal) && PathIndex.ExtensionOf(path.Value) is ".csproj" or ".fsproj" or ".vbproj");
        if (target is not null)
        {
            found.Add(new("Build", $"dotnet build {Quote(target)}", target));
            found.Add(new("Test", $"dotnet test {Quote(target)}", target));
        }
    }

    private static void AddScripts(List<Found> found, string package, string text, IReadOnlyList<RepoPath> paths)
    {
        var folder = PathIndex.FolderOf(package);
        bool Has(string name) => paths.Any(path => path.Value == (folder.Length == 0 ? name : $"{folder}/{name}"));
        var tool = Has("pnpm-lock.yaml") ? "pnpm" : Has("yarn.lock") ? "yarn" : "npm";
        var inFolder = folder.Length == 0 ? "" : $"cd {Quote(folder)} && ";
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("scripts", out var scripts) || scripts.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var script in scripts.EnumerateObject().Where(script => script.Value.ValueKind == JsonValueKind.String && !script.Value.GetString()!.Contains("no test specified", StringComparison.Ordinal)).Take(MostScripts))
            {
                found.Add(new(PurposeOf(script.Name), $"{inFolder}{tool} {(script.Name == "test" ? "" : "run ")}{script.Name}", package));
            }
        }
        catch (JsonException)
        {
            // Somebody is at work on it; it says nothing for now.
        }
    }

    private static async ValueTask AddPythonAsync(List<Found> found, IReadOnlyList<RepoPath> paths, Func<string, ValueTask<string>> read)
    {
        var tests = paths.Where(path => PythonTest().IsMatch(path.Value)).Take(1).ToList();
        if (tests.Count == 0)
        {
            return;
        }

        if (paths.FirstOrDefault(path => path.Name is "conftest.py" or "pytest.ini") is { Value.Length: > 0 } settings)
        {
            found.Add(new("Test", "python3 -m pytest", settings.Value));
            return;
        }

        foreach (var path in paths.Where(path => path.Value is "pyproject.toml" or "setup.cfg" or "tox.ini" or "requirements.txt" or "requirements-dev.txt").Append(tests[0]))
        {
            if ((await read(path.Value).ConfigureAwait(false)).Contains("pytest", StringComparison.Ordinal))
            {
                found.Add(new("Test", "python3 -m pytest", path.Value));
                return;
            }
        }

        var folder = PathIndex.FolderOf(tests[0].Value);
        found.Add(new("Test", $"python3 -m unittest discover{(folder.Length == 0 ? "" : $" -s {Quote(folder)}")}", tests[0].Value));
    }

    private static void AddFixed(List<Found> found, IReadOnlyList<RepoPath> paths, string file, string build, string test)
    {
        if (Nearest(paths, path => path.Name == file) is { } at)
        {
            var inFolder = PathIndex.FolderOf(at) is { Length: > 0 } folder ? $"cd {Quote(folder)} && " : "";
            found.Add(new("Build", inFolder + build, at));
            found.Add(new("Test", inFolder + test, at));
        }
    }

    /// <summary>The file nearest to the root; of equally near ones the first by name.</summary>
    private static string? Nearest(IReadOnlyList<RepoPath> paths, Func<RepoPath, bool> isMeant) =>
        paths.Where(isMeant).Select(path => path.Value).Where(path => !path.Contains("node_modules/", StringComparison.Ordinal)).MinBy(path => path.Count(letter => letter == '/'));

    private static string PurposeOf(string script) => script switch
    {
        "build" or "all" or "compile" => "Build",
        "test" or "check" or "tests" => "Test",
        _ => $"'{script}'",
    };

    private static string Quote(string text) => Harmless().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^(?<name>[A-Za-z][\w-]{0,30}):(?!=)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Target();

    [GeneratedRegex(@"(?:^|/)(?:test_[^/]*|[^/]*_test|tests?)\.py$", RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex PythonTest();

    [GeneratedRegex(@"^[\w./+@-]+$", RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex Harmless();
}
