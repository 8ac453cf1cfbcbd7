using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Cli;

/// <summary>What the repository's <c>orchestrator.json</c> says. Never a key: whoever can read the repository could read it.</summary>
internal sealed partial record ConfigFile(string Path)
{
    public const string Name = "orchestrator.json";

    private static readonly string[] Members = ["test", "test_subset", "setup", "paths", "constraints", "workflow", "model", "endpoint", "price", "context_window", "ask_before"];

    public RunSettings Settings { get; private init; } = new();

    public IReadOnlyList<string> Paths { get; private init; } = [];

    public IReadOnlyList<string> Constraints { get; private init; } = [];

    public string Workflow { get; private init; } = "";

    /// <summary>Reads the file at the root of a checkout; nothing is set where there is none.</summary>
    public static ConfigFile Read(Repository repository)
    {
        var path = System.IO.Path.Combine(repository.Root, Name);
        if (repository.Bare || FileSystem.KindOf(path) != FileSystem.Kind.File)
        {
            return new ConfigFile("");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw CliException.BadInput($"'{path}' is not JSON: {e.Message}", e);
        }
    }

    private static ConfigFile Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw CliException.BadInput($"'{path}' must hold one JSON object.");
        }

        foreach (var member in root.EnumerateObject())
        {
            if (KeyLike().IsMatch(member.Name) || (member.Value.ValueKind == JsonValueKind.String && KeyValue().IsMatch(member.Value.GetString()!)))
            {
                throw CliException.BadInput($"'{path}': '{member.Name}' looks like a key. Keys come from the environment only (ANTHROPIC_API_KEY, OPENAI_API_KEY); take it out of the file, and revoke it if it was ever committed.");
            }

            if (!Members.Contains(member.Name))
            {
                throw CliException.BadInput($"'{path}': there is no setting '{member.Name}'; there are {string.Join(", ", Members)}.");
            }
        }

        string One(string name) => !root.TryGetProperty(name, out var value) ? ""
            : value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw CliException.BadInput($"'{path}': '{name}' must be a string.");
        string Whole(string name) => !root.TryGetProperty(name, out var value) ? ""
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number.ToString(CultureInfo.InvariantCulture)
            : throw CliException.BadInput($"'{path}': '{name}' must be a whole number.");
        IReadOnlyList<string> Many(string name) => !root.TryGetProperty(name, out var value) ? []
            : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw CliException.BadInput($"'{path}': '{name}' must be a list of strings.");

        return new ConfigFile(path)
        {
            Settings = new() { Test = One("test"), TestSubset = One("test_subset"), SetUp = One("setup"), Model = One("model"), Endpoint = One("endpoint"), Price = One("price"), ContextWindow = Whole("context_window"), AskBefore = RunSettings.JoinGlobs($"'{path}': ask_before", Many("ask_before")) },
            Paths = Many("paths"),
            Constraints = Many("constraints"),
            Workflow = One("workflow"),
        };
    }

    [GeneratedRegex("key|token|secret|password|credential|authorization", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();

    [GeneratedRegex(@"\b(?:sk-[A-Za-z0-9_\-]{16,}|gh[oprsu]_[A-Za-z0-9]{20,}|AIza[A-Za-z0-9_\-]{30,})", RegexOptions.CultureInvariant)]
    private static partial Regex KeyValue();
}
