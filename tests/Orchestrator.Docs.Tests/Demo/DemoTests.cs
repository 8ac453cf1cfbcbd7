using System.Text;
using System.Text.RegularExpressions;
using BugfixAssistant;
using Orchestrator.Cli.Tests;

namespace Orchestrator.Docs.Tests.Demo;

/// <summary>
/// The demo page is its own script: each line of a console block that begins with <c>$</c> is typed into a shell, and what follows is what the commands print. Run with
/// ORCHESTRATOR_UPDATE_DOCS=1 to record it anew.
/// </summary>
public sealed partial class DemoTests : IDisposable
{
    private const string Endpoint = "http://127.0.0.1:8095/v1";
    private const string Home = "/home/user";

    private static readonly string Page = Path.Combine(Pages.Root, "docs", "demo.md");

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_demo_page_shows_what_the_commands_print()
    {
        var repository = Path.Combine(_folder, "drafts");
        await SampleRepository.CreateAsync(repository, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_folder, "crash.log"), SampleRepository.CrashLog);
        await using var model = new LoopbackModel(ScriptedReplies.Client(isWrong: false));
        var terminal = new Terminal(repository, Path.Combine(_folder, "state"));
        var blocks = Pages.Blocks(Page).Where(block => block.Language == "console").ToList();
        var shownRun = Run().Match(string.Concat(blocks.Select(block => block.Code.Value))).Value;
        var run = "";

        var recorded = new List<string>();
        foreach (var block in blocks)
        {
            var text = new StringBuilder();
            foreach (var command in Command().Matches(block.Code.Value).Select(match => match.Groups["command"].Value))
            {
                var line = shownRun.Length > 0 && run.Length > 0 ? command.Replace(shownRun, run, StringComparison.Ordinal) : command;
                var printed = await terminal.TypeAsync(line.Replace(Endpoint, model.Endpoint, StringComparison.Ordinal));
                run = run.Length > 0 ? run : Run().Match(printed).Value;
                text.Append("$ ").Append(line.TrimEnd('\n')).Append('\n').Append(printed.Replace(model.Endpoint, Endpoint, StringComparison.Ordinal).Replace(_folder, Home, StringComparison.Ordinal));
            }

            recorded.Add(text.ToString());
        }

        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_UPDATE_DOCS") == "1")
        {
            Update(blocks, recorded);
        }

        Assert.True(blocks.Count >= 5, "The page shows hardly any command.");
        foreach (var (block, actual) in Pages.Blocks(Page).Where(block => block.Language == "console").Zip(recorded))
        {
            Assert.True(Normal(block.Code.Value) == Normal(actual), $"The page shows\n{block.Code.Value}\nand the commands print\n{actual}\nIf they are right, run the test with ORCHESTRATOR_UPDATE_DOCS=1.");
        }
    }

    private static void Update(List<Pages.Block> blocks, List<string> recorded)
    {
        var text = File.ReadAllText(Page);
        foreach (var (block, actual) in blocks.Zip(recorded).Reverse())
        {
            text = text.Remove(block.Code.Index, block.Code.Length).Insert(block.Code.Index, actual);
        }

        File.WriteAllText(Page, text);
    }

    /// <summary>A block without what differs from run to run: times, names of runs and commits, counts of tokens, and which of two calls side by side comes first.</summary>
    private static string Normal(string block) => string.Join('\n', block.Split('\n').Select(line => Varying().Replace(line.TrimEnd(), "*")).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"(?<=orchestrator/)[0-9a-f]{12}\b")]
    private static partial Regex Run();

    [GeneratedRegex(@"^\$ (?<command>(?:.*\\\n)*.*\n)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<=taken over by `)[^`]+| *\d+\.\d+ ?m?s\b|\b[0-9a-f]{7,64}\b|\d{4}-\d\d-\d\d \d\d:\d\dZ|\d\d:\d\d:\d\d\.\d{3}|\b\d+ tokens in, \d+ out|\bc\d+\b|\b\d+(?= (?:in|out|tokens|bytes)\b)|^\d+\. ")]
    private static partial Regex Varying();
}
