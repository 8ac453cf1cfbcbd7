using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write JSON, one document a line, instead of text.", Recursive = true };

    public static bool IsJson(ParseResult parsed) => parsed.GetValue(Json);
}
