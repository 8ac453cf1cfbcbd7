using System.Globalization;
using System.Text.RegularExpressions;
using BugfixAssistant;

namespace Orchestrator.Docs.Tests;

/// <summary>The README's first command, run as its reader runs it without a key: real git, patches, policies, <c>dotnet test</c> and journal.</summary>
public sealed partial class BugfixAssistantTests
{
    [Fact]
    public async Task The_readme_shows_what_the_assistant_prints()
    {
        var (code, output) = await RunAsync();

        var printed = output.Split('\n').Select(Normal).ToHashSet();
        var shown = Pages.Blocks(Pages.Readme).Where(block => block.Language == "text").ElementAt(1).Code.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.All(shown, line => Assert.True(printed.Contains(Normal(line)), $"The assistant does not print '{line}'; it prints\n{output}"));
    }

    [Fact]
    public async Task A_patch_that_does_not_help_ends_the_run_as_failed_and_names_the_test()
    {
        var (code, output) = await RunAsync("--wrong-patch");

        Assert.Equal(1, code);
        Assert.Contains("Status:     failed", output, StringComparison.Ordinal);
        Assert.Contains("Still failing: DraftStoreTests.A_draft_without_a_title_is_saved_as_untitled", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await Assistant.RunAsync(args, output, key: null, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(5));
        var folder = Path.GetDirectoryName(LaidOut().Match(output.ToString()).Groups["checkout"].Value)!;
        Directory.Delete(folder, recursive: true);
        return (code, output.ToString());
    }

    /// <summary>A line without what differs from run to run: times, the run's name, token counts, and which of two calls side by side comes first.</summary>
    private static string Normal(string line) => Varying().Replace(line.TrimEnd(), "*");

    [GeneratedRegex(@"laid out in (?<checkout>\S+)")]
    private static partial Regex LaidOut();

    [GeneratedRegex(@"^\s*\d+\.\d s|(?<=orchestrator/)[0-9a-f]+|\d+(?= (?:in|out)\b)|\bc\d+\b")]
    private static partial Regex Varying();
}
