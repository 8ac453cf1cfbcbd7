using Orchestrator.Patching;

namespace Orchestrator.Cli;

/// <summary>The patch engine's tolerances by the names that the command line uses: <c>line-offset</c>, and in JSON <c>line_offset</c>.</summary>
internal static class Tolerances
{
    private static readonly (PatchOptions.Tolerance Value, string Name)[] All =
    [
        (PatchOptions.Tolerance.LineOffset, "line-offset"),
        (PatchOptions.Tolerance.RecountedHeader, "recounted-header"),
        (PatchOptions.Tolerance.WhitespaceDrift, "whitespace-drift"),
        (PatchOptions.Tolerance.LineEndings, "line-endings"),
        (PatchOptions.Tolerance.Reindentation, "reindentation"),
        (PatchOptions.Tolerance.ReducedContext, "reduced-context"),
        (PatchOptions.Tolerance.ElidedLines, "elided-lines"),
    ];

    public static IEnumerable<string> Names => All.Select(each => each.Name).Append("all");

    public static PatchOptions.Tolerance AllBut(IEnumerable<string> names)
    {
        var left = PatchOptions.Tolerance.All;
        foreach (var name in names)
        {
            var plain = name.Replace('_', '-');
            left &= plain == "all" ? PatchOptions.Tolerance.None
                : All.FirstOrDefault(each => each.Name.Equals(plain, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? ~found.Value
                : throw CliException.BadInput($"--without: there is no tolerance '{name}'; there are {string.Join(", ", Names)}.");
        }

        return left;
    }

    public static string NameOf(PatchOptions.Tolerance rung) => rung == PatchOptions.Tolerance.None ? "exact" : All.First(each => each.Value == rung).Name.Replace('-', '_');

    public static IReadOnlyList<string> NamesOf(PatchOptions.Tolerance used) => [.. All.Where(each => (used & each.Value) != 0).Select(each => each.Name.Replace('-', '_'))];
}
