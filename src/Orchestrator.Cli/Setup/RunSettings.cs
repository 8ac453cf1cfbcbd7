using System.Globalization;

namespace Orchestrator.Cli;

/// <summary>How a run is carried out: from flags, then from the repository's <c>orchestrator.json</c>, then from what is found by looking.</summary>
internal sealed record RunSettings
{
    private const string Prefix = "cli.";

    public string Test { get; init; } = "";

    public string TestSubset { get; init; } = "";

    public string SetUp { get; init; } = "";

    public string Model { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string Price { get; init; } = "";

    public string ContextWindow { get; init; } = "";

    /// <summary>Globs of the paths whose change a person must approve, a line each.</summary>
    public string AskBefore { get; init; } = "";

    /// <summary>The commit that was checked out when a run started from a checkout with its uncommitted changes; empty where a run starts from a commit of the user's.</summary>
    public string DirtyOn { get; init; } = "";

    /// <summary>The settings as labels of the task, so that whoever resumes the run resumes it with the same.</summary>
    public Dictionary<string, string> ToLabels() => All().Where(each => each.Value.Length > 0).ToDictionary(each => Prefix + each.Name, each => each.Value);

    public static RunSettings FromLabels(IReadOnlyDictionary<string, string> labels)
    {
        string Of(string name) => labels.GetValueOrDefault(Prefix + name) ?? "";
        return new() { Test = Of("test"), TestSubset = Of("test_subset"), SetUp = Of("setup"), Model = Of("model"), Endpoint = Of("endpoint"), Price = Of("price"), ContextWindow = Of("context_window"), AskBefore = Of("ask_before"), DirtyOn = Of("dirty_on") };
    }

    public GitRepositoryOptions ToRepositoryOptions() => new("") { Test = Test, SetUp = SetUp, Subset = ToSubset() };

    /// <summary>Globs as one setting.</summary>
    /// <exception cref="CliException">One of them is empty: a variable that was not set would take the rule away unnoticed.</exception>
    public static string JoinGlobs(string name, IReadOnlyList<string> globs) => globs.Any(glob => string.IsNullOrWhiteSpace(glob) || glob.Contains('\n', StringComparison.Ordinal))
        ? throw CliException.BadInput($"{name}: an empty glob names nothing; leave it out, or write paths such as '**/migrations/**'.")
        : string.Join('\n', globs);

    public ModelOptions.TokenPrice? ToPrice()
    {
        if (Price.Length == 0)
        {
            return null;
        }

        return Price.Split('/') is [var input, var output]
            && decimal.TryParse(input, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perInput)
            && decimal.TryParse(output, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perOutput)
            ? new ModelOptions.TokenPrice(perInput, perOutput)
            : throw CliException.BadInput($"--price: '{Price}' is no price; write what a million tokens cost, in and out, such as 5/25.");
    }

    /// <summary>How requests to the model are bounded. A small window leaves a quarter for the reply.</summary>
    public ModelOptions ToModelOptions()
    {
        const int Least = 4_096;
        var standard = new ModelOptions();
        if (ContextWindow.Length == 0)
        {
            return standard;
        }

        return int.TryParse(ContextWindow, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens >= Least
            ? standard with { ContextWindow = tokens, MaxOutputTokens = Math.Min(standard.MaxOutputTokens, tokens / 4) }
            : throw CliException.BadInput($"--context-window: '{ContextWindow}' is no number of tokens from {Least} up; write what the model can hold, such as 32768.");
    }

    private TestSubset? ToSubset() =>
        TestSubset.Length == 0 ? null
        : !TestSubset.Contains("{tests}", StringComparison.Ordinal) ? throw CliException.BadInput($"--test-subset: '{TestSubset}' does not say where the names go; put {{tests}} there, such as 'npm test -- {{tests}}'.")
        : TestSubset.Contains("dotnet", StringComparison.Ordinal) ? Orchestrator.TestSubset.DotNet with { Command = TestSubset }
        : TestSubset.Contains("pytest", StringComparison.Ordinal) ? Orchestrator.TestSubset.Pytest with { Command = TestSubset }
        : new TestSubset(TestSubset);

    private IEnumerable<(string Name, string Value)> All() =>
        [("test", Test), ("test_subset", TestSubset), ("setup", SetUp), ("model", Model), ("endpoint", Endpoint), ("price", Price), ("context_window", ContextWindow), ("ask_before", AskBefore), ("dirty_on", DirtyOn)];
}
