using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Orchestrator.Cli.Tests;

public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Here(), "../../docs/cli.md"));

    [Fact]
    public async Task Every_option_in_the_help_of_every_command_is_documented()
    {
        var missing = new List<string>();
        foreach (var path in Commands(CommandLine.Root(Nowhere), []))
        {
            var help = await new Cli(Path.GetTempPath()).RunAsync([.. path, "--help"]);
            Assert.Equal(0, help.ExitCode);
            missing.AddRange(help.Out.Split([' ', ',', '\n', '<', '['], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word.StartsWith('-') && word.Length > 1 && char.IsLetter(word.TrimStart('-').FirstOrDefault('.')))
                .Select(option => option.TrimEnd('.', '\r', '\''))
                .Where(option => !Text.Contains($"`{option}", StringComparison.Ordinal))
                .Select(option => $"{string.Join(' ', path)}: {option}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_command_is_documented() =>
        Assert.All(CommandLine.Root(Nowhere).Subcommands, command => Assert.Contains($"orchestrator {command.Name}", Text.Replace("`watch RUN`", "orchestrator watch", StringComparison.Ordinal)
            .Replace("`transcript RUN`", "orchestrator transcript", StringComparison.Ordinal).Replace("`diff RUN`", "orchestrator diff", StringComparison.Ordinal), StringComparison.Ordinal));

    [Fact]
    public void Every_tolerance_is_documented() => Assert.All(Tolerances.Names, name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));

    private static Surroundings Nowhere => new(TextWriter.Null, TextWriter.Null, () => Stream.Null, "/", _ => null);

    private static IEnumerable<string[]> Commands(Command command, string[] path) =>
        command.Subcommands.SelectMany(each => Commands(each, [.. path, each.Name])).Prepend(path);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
