using System.Text;

namespace Orchestrator;

/// <summary>How the command line for some of a repository's tests is made from their ids.</summary>
/// <param name="Command">The command, with <c>{tests}</c> where the names go; they come quoted for the shell.</param>
public sealed record TestSubset(string Command)
{
    /// <summary>What one test becomes: <c>{id}</c> is its whole id, <c>{method}</c> the id without arguments, escaped for <c>dotnet test --filter</c>, <c>{short}</c> the last name in it.</summary>
    public string Name { get; init; } = "{id}";

    /// <summary>What joins the names into one argument; empty to make each an argument of its own.</summary>
    public string Separator { get; init; } = "";

    /// <summary><c>dotnet test --filter</c> by full names.</summary>
    public static TestSubset DotNet { get; } = new("dotnet test --filter {tests}") { Name = "FullyQualifiedName={method}", Separator = "|" };

    /// <summary><c>pytest -k</c> by the names of the test functions.</summary>
    public static TestSubset Pytest { get; } = new("pytest -k {tests}") { Name = "{short}", Separator = " or " };

    /// <summary>The command for some tests.</summary>
    internal string For(IReadOnlyList<string> tests)
    {
        var names = tests.Select(NameOf).Distinct(StringComparer.Ordinal);
        var arguments = Separator.Length == 0 ? string.Join(' ', names.Select(Quote)) : Quote(string.Join(Separator, names));
        return Command.Replace("{tests}", arguments, StringComparison.Ordinal);
    }

    private string NameOf(string test)
    {
        var bare = test.IndexOfAny(['(', '[']) is > 0 and var end ? test[..end].TrimEnd() : test;
        return Name
            .Replace("{method}", EscapeFilter(bare), StringComparison.Ordinal)
            .Replace("{short}", bare[(bare.LastIndexOfAny(['.', ':', '#', '/', ' ']) + 1)..], StringComparison.Ordinal)
            .Replace("{id}", test, StringComparison.Ordinal);
    }

    private static string EscapeFilter(string name)
    {
        var escaped = new StringBuilder();
        foreach (var letter in name)
        {
            escaped.Append(letter is '\\' or '(' or ')' or '&' or '|' or '=' or '!' or '~' ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }

    private static string Quote(string text) => OperatingSystem.IsWindows()
        ? $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
