using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Cli;

/// <summary>Finds out how a repository is tested, by looking at the files of the commit that a run starts from.</summary>
internal sealed partial class TestFinder(Git git, string revision)
{
    /// <summary>A way to test, and what speaks for it.</summary>
    internal sealed record Found(string Test, string SetUp, string Because);

    /// <summary>Every way that was found, the likeliest first.</summary>
    public async Task<IReadOnlyList<Found>> FindAsync(CancellationToken cancellationToken)
    {
        var listing = await git.DemandAsync(cancellationToken, "ls-tree", "-r", "--name-only", "-z", "--full-tree", revision).ConfigureAwait(false);
        var paths = listing.Parts;
        var root = paths.Where(path => !path.Contains('/', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Found?[] found =
        [
            DotNet(paths),
            root.Contains("package.json") ? Npm(await ReadAsync("package.json", cancellationToken).ConfigureAwait(false), root) : null,
            await PythonAsync(paths, root, cancellationToken).ConfigureAwait(false),
            root.Contains("go.mod") ? new Found("go test ./...", "", "go.mod") : null,
            root.Contains("Cargo.toml") ? new Found("cargo test", "", "Cargo.toml") : null,
            root.Contains("Makefile") && TestTarget().IsMatch(await ReadAsync("Makefile", cancellationToken).ConfigureAwait(false)) ? new Found("make test", "", "the target 'test' in Makefile") : null,
        ];
        return [.. found.OfType<Found>()];
    }

    private static Found? DotNet(string[] paths)
    {
        // The solution nearest to the root; where several are equally near, nothing says which one is meant, so the first by name.
        var solution = paths.Where(path => path.EndsWith(".slnx", StringComparison.Ordinal) || path.EndsWith(".sln", StringComparison.Ordinal)).OrderBy(Depth).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();
        var project = paths.Where(path => path.EndsWith("proj", StringComparison.Ordinal) && TestProject().IsMatch(path)).OrderBy(Depth).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault()
            ?? paths.FirstOrDefault(path => path.EndsWith(".csproj", StringComparison.Ordinal) && Depth(path) == 0);
        return (solution ?? project) is { } target ? new Found($"dotnet test {Quote(target)}", "", target) : null;
    }

    private static Found? Npm(string text, HashSet<string> root)
    {
        try
        {
            using var package = JsonDocument.Parse(text);
            if (package.RootElement.ValueKind != JsonValueKind.Object || !package.RootElement.TryGetProperty("scripts", out var scripts) || scripts.ValueKind != JsonValueKind.Object
                || !scripts.TryGetProperty("test", out var test) || test.ValueKind != JsonValueKind.String || test.GetString()!.Contains("no test specified", StringComparison.Ordinal))
            {
                return null;
            }

            var (tool, setUp) = root.Contains("pnpm-lock.yaml") ? ("pnpm test", "pnpm install --frozen-lockfile")
                : root.Contains("yarn.lock") ? ("yarn test", "yarn install --frozen-lockfile")
                : root.Contains("package-lock.json") ? ("npm test", "npm ci")
                : ("npm test", HasDependencies(package.RootElement) ? "npm install" : "");
            return new Found(tool, setUp, "the script 'test' in package.json");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Found?> PythonAsync(string[] paths, HashSet<string> root, CancellationToken cancellationToken)
    {
        var tests = paths.Where(path => PythonTest().IsMatch(path)).ToList();
        if (tests.Count == 0)
        {
            return null;
        }

        foreach (var path in paths.Where(path => Path.GetFileName(path) is "conftest.py" or "pytest.ini").Take(1))
        {
            return new Found("python3 -m pytest", "", path);
        }

        var settings = ((string[])["pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "requirements-dev.txt"]).Where(root.Contains);
        foreach (var path in settings.Concat(tests.Take(20)))
        {
            if ((await ReadAsync(path, cancellationToken).ConfigureAwait(false)).Contains("pytest", StringComparison.Ordinal))
            {
                return new Found("python3 -m pytest", "", $"'pytest' in {path}");
            }
        }

        // Discovery from the root finds only what lies there or in packages.
        var folder = tests[0].Split('/') is [var first, _, ..] && !paths.Contains($"{first}/__init__.py") ? $" -s {Quote(first)}" : "";
        return new Found($"python3 -m unittest discover{folder}", "", tests[0]);
    }

    private async Task<string> ReadAsync(string path, CancellationToken cancellationToken) =>
        (await git.DemandAsync(cancellationToken, "cat-file", "blob", $"{revision}:{path}").ConfigureAwait(false)).Text;

    private static bool HasDependencies(JsonElement package) =>
        ((string[])["dependencies", "devDependencies"]).Any(name => package.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Object && list.EnumerateObject().Any());

    private static int Depth(string path) => path.Count(letter => letter == '/');

    private static string Quote(string text) => Harmless().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^test:", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TestTarget();

    [GeneratedRegex(@"[Tt]ests?\.(?:cs|fs|vb)proj$", RegexOptions.CultureInvariant)]
    private static partial Regex TestProject();

    [GeneratedRegex(@"(?:^|/)(?:test_[^/]*|[^/]*_test|tests?)\.py$", RegexOptions.CultureInvariant)]
    private static partial Regex PythonTest();

    [GeneratedRegex(@"^[\w./-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();
}
