using BugfixAssistant;

namespace Orchestrator.Samples.Tests;

/// <summary>The README's first command, with the replies scripted and everything else real: git, patches, policies, dotnet test, journal.</summary>
public sealed class BugfixAssistantTests
{
    private const string Test = "DraftStoreTests.A_draft_without_a_title_is_saved_as_untitled";

    [Fact]
    public async Task The_scripted_patch_turns_the_failing_test_green()
    {
        var (exitCode, output) = await RunAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains("SCRIPTED", output, StringComparison.Ordinal);
        Assert.Contains($"RED (1 failed, 1 passed: {Test})  →  GREEN (3 passed)", output, StringComparison.Ordinal);
        Assert.Contains("+        var title = string.IsNullOrWhiteSpace(draft.Title) ? \"Untitled\"", output, StringComparison.Ordinal);
        Assert.Contains("UntitledDraftTests.A_new_draft_can_be_saved_and_is_counted fails on the old code and passes on the new", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_scripted_patch_ends_the_run_as_failed_with_the_failing_test_named()
    {
        var (exitCode, output) = await RunAsync("--wrong-patch");

        Assert.True(exitCode == 1, output);
        Assert.Contains("Status:     failed", output, StringComparison.Ordinal);
        Assert.Contains($"Still failing: {Test}", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var exitCode = await Assistant.RunAsync(args, output, key: null, CancellationToken.None);
        var text = output.ToString();
        Directory.Delete(Path.GetDirectoryName(Transcript(text))!, recursive: true);
        return (exitCode, text);
    }

    private static string Transcript(string output) => output.Split('\n').Single(line => line.StartsWith("Transcript: ", StringComparison.Ordinal))["Transcript: ".Length..].Trim();
}
