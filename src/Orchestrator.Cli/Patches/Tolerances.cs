using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>The patch engine's tolerances by the names that the command line uses: <c>line-offset</c>, and in JSON <c>line_offset</c>.</summary>
internal static class Tolerances
{
    private static readonly (PatchTolerances Value, string Name)[] All =
    [
        (PatchTolerances.LineOffset, "line-offset"),
        (PatchTolerances.RecountedHeader, "recounted-header"),
        (PatchTolerances.WhitespaceDrift, "whitespace-drift"),
        (PatchTolerances.LineEndings, "line-endings"),
        (PatchTolerances.Reindentation, "reindentation"),
        (PatchTolerances.ReducedContext, "reduced-context"),
        (PatchTolerances.ElidedLines, "elided-lines"),
    ];

    public static IEnumerable<string> Names => All.Select(each => each.Name).Append("all");

    public static PatchTolerances AllBut(IEnumerable<string> names)
    {
        var left = PatchTolerances.All;
        foreach (var name in names)
        {
            var plain = name.Replace('_', '-');
            left &= plain == "all" ? PatchTolerances.None
                : All.FirstOrDefault(each => each.Name.Equals(plain, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? ~found.Value
                : throw CliException.BadInput($"--without: there is no tolerance '{name}'; there are {string.Join(", ", Names)}.");
        }

        return left;
    }

    public static string NameOf(PatchTolerances rung) => rung == PatchTolerances.None ? "exact" : All.First(each => each.Value == rung).Name.Replace('-', '_');

    public static IReadOnlyList<string> NamesOf(PatchTolerances used) => [.. All.Where(each => (used & each.Value) != 0).Select(each => each.Name.Replace('-', '_'))];
}
