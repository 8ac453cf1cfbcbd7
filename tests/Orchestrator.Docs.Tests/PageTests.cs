using System.Reflection;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>What pages refer to exists.</summary>
public sealed partial class PageTests
{
    /// <summary>Names in backticks that are not ours and look as if they were.</summary>
    private static readonly HashSet<string> Foreign =
    [
        "IChatClient", "JsonElement", "TimeProvider", "OperationCanceledException", "ForJsonSchema", "ChatOptions", "AdditionalProperties", "PublicApiTests",
    ];

    private static readonly Assembly[] Ours =
    [
        typeof(IOrchestrator).Assembly, typeof(GitOptions).Assembly, typeof(SqliteRunJournal).Assembly, typeof(OpenAIModelOptions).Assembly,
        typeof(Orchestrator.Testing.ScriptedChatClient).Assembly,
    ];

    [Fact]
    public void The_readme_is_short_and_begins_with_code()
    {
        var lines = File.ReadAllLines(Pages.Readme);

        Assert.InRange(lines.Length, 1, 120);
        Assert.InRange(Array.FindIndex(lines, line => line.StartsWith("```", StringComparison.Ordinal)) + 1, 1, 10);
    }

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var broken =
            from page in Pages.All
            from Match link in Link().Matches(Pages.Prose(page))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Leads(page, target)
            select $"{Pages.Relative(page)}: {target}";

        None(broken);
    }

    [Fact]
    public void No_page_names_a_type_that_does_not_exist()
    {
        var types = Ours.SelectMany(assembly => assembly.GetExportedTypes()).ToList();
        var byName = types.ToLookup(type => type.Name.Split('`')[0]);
        var members = types.SelectMany(MembersOf).ToHashSet();
        var prefixes = Directory.GetDirectories(Path.Combine(Pages.Root, "src")).Select(Path.GetFileName).Concat(types.Select(type => type.Namespace)).ToHashSet();

        var unknown =
            from page in Pages.All
            from Match code in Code().Matches(Pages.Prose(page))
            let name = Identifier().Match(code.Groups["code"].Value)
            where name.Success && !prefixes.Contains(name.Groups["name"].Value) && !IsKnown(name.Groups["name"].Value.Split('.'), byName, members)
            select $"{Pages.Relative(page)}: {code.Groups["code"].Value}";

        None(unknown);
    }

    [Fact]
    public void The_readme_lists_packages_that_exist()
    {
        var named = Package().Matches(File.ReadAllText(Pages.Readme)).Select(match => match.Groups["name"].Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(Directory.Exists(Path.Combine(Pages.Root, "src", name)), $"There is no package {name}."));
    }

    /// <summary>Shows every offender at once, where an assertion on the collection shows the first five.</summary>
    private static void None(IEnumerable<string> offenders)
    {
        var all = offenders.Distinct().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static bool Leads(string page, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        return Path.Exists(file) && (parts.Length == 1 || Heading().Matches(File.ReadAllText(file)).Any(match => Anchor(match.Groups["text"].Value.Trim()) == parts[1]));
    }

    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>A type, a member of any type, or a type followed by what is nested in it.</summary>
    private static bool IsKnown(string[] parts, ILookup<string, Type> byName, HashSet<string> members)
    {
        if (Foreign.Contains(parts[0]))
        {
            return true;
        }

        return parts.Length == 1
            ? byName.Contains(parts[0]) || members.Contains(parts[0])
            : byName[parts[0]].Any(type => MembersOf(type).Contains(parts[1]));
    }

    private static IEnumerable<string> MembersOf(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Select(member => member.Name.Split('`')[0]);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\.?(?<name>[A-Z]\w*[a-z]\w*(?:\.[A-Z]\w+)*)(?:<[^>]*>)?(?:\(.*\))?$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^\| `(?<name>Orchestrator[\w.]*)` \|", RegexOptions.Multiline)]
    private static partial Regex Package();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
