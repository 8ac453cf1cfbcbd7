using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Patching;

/// <summary>What models do to diffs, done on purpose, with the answer known.</summary>
internal static partial class Damage
{
    internal enum Answer
    {
        /// <summary>The meaning is certain as long as every old text stands once: it has to be applied, rightly.</summary>
        CertainIfUnique,

        /// <summary>May be refused, may not be applied wrongly.</summary>
        RightOrRefused,

        /// <summary>Has to be refused.</summary>
        Refused,
    }

    internal sealed record Case(string Name, Answer Answer, Func<DiffModel, Random, byte[]?> Do)
    {
        /// <summary>Whether the header still points at the right lines, so that copies elsewhere do not matter.</summary>
        public bool KeepsLines { get; init; }

        /// <summary>A change to the files themselves, before and after alike.</summary>
        public Func<byte[], byte[]>? Files { get; init; }
    }

    public static IReadOnlyList<Case> All { get; } =
    [
        new("untouched", Answer.CertainIfUnique, (diff, _) => diff.ToBytes()) { KeepsLines = true },
        new("line numbers off", Answer.CertainIfUnique, (diff, random) => Plain(diff).MapHunks(hunk => hunk with { OldStart = Math.Max(1, hunk.OldStart + random.Next(-40, 60)), NewStart = Math.Max(1, hunk.NewStart + random.Next(-40, 60)) }).ToBytes()),
        new("all headers say line 1", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHunks(hunk => hunk with { OldStart = 1, NewStart = 1 }).ToBytes()),
        new("no line numbers", Answer.CertainIfUnique, (diff, random) => Bytes(Replace(Plain(diff).ToText(), HeaderPattern(), random.Next(2) == 0 ? "@@ @@" : "@@ ... @@"))),
        new("counts too small", Answer.CertainIfUnique, (diff, random) => Plain(diff).MapHunks(hunk => hunk with { OldCount = Math.Max(1, hunk.OldCount - random.Next(1, 4)), NewCount = Math.Max(1, hunk.NewCount - random.Next(1, 4)) }).ToBytes()) { KeepsLines = true },
        new("counts off, fenced", Answer.RightOrRefused, (diff, random) => Fence(Plain(diff).MapHunks(hunk => hunk with { OldCount = Math.Max(1, hunk.OldCount + random.Next(-3, 4)), NewCount = Math.Max(1, hunk.NewCount + random.Next(-3, 4)) }).ToText())) { KeepsLines = true },
        new("blank context without its space", Answer.CertainIfUnique, (diff, _) => Bytes(Replace(Plain(diff).ToText(), BlankPattern(), ""))) { KeepsLines = true },
        new("trailing blanks cut", Answer.CertainIfUnique, (diff, _) => HasTrailingBlankEdits(diff) ? null : Plain(diff).MapHunks(hunk => hunk with { Lines = [.. hunk.Lines.Select(line => line[0] == ' ' ? line.TrimEnd(' ', '\t') is var cut && cut.Length == 0 ? " " : cut : line)] }).ToBytes()) { KeepsLines = true, Files = TrailBlanks },
        new("patch with CRLF", Answer.CertainIfUnique, (diff, _) => diff.ToText().Contains('\r', StringComparison.Ordinal) ? null : Bytes(Plain(diff).ToText().Replace("\n", "\r\n", StringComparison.Ordinal))) { KeepsLines = true },
        new("file with CRLF", Answer.CertainIfUnique, (diff, _) => diff.ToText().Contains('\r', StringComparison.Ordinal) ? null : Plain(diff).ToBytes()) { KeepsLines = true, Files = file => Bytes(Replace(Latin(file), LonelyPattern(), "\r\n")) },
        new("indented deeper", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHunks(hunk => Shift(hunk, line => "    " + line)).ToBytes()),
        new("indentation cut", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHunks(Dedent).ToBytes()),
        new("spaces for tabs", Answer.RightOrRefused, (diff, _) => Plain(diff).MapHunks(hunk => Shift(hunk, line => Replace(line, TabPattern(), match => new string(' ', 4 * match.Length)))).ToBytes()),
        new("fenced, with prose", Answer.CertainIfUnique, (diff, _) => Fence(Plain(diff).ToText())) { KeepsLines = true },
        new("fenced per file", Answer.CertainIfUnique, (diff, _) => Bytes(string.Concat(Plain(diff).Sections.Select(section => "Now the next file:\n\n```diff\n" + new DiffModel([section]).ToText() + "```\n\n")) + "That is all.\n")) { KeepsLines = true },
        new("no prefixes", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHeaders(Unprefix).ToBytes()) { KeepsLines = true },
        new("other prefixes", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHeaders(line => line.Replace("--- a/", "--- old/", StringComparison.Ordinal).Replace("+++ b/", "+++ new/", StringComparison.Ordinal)).ToBytes()) { KeepsLines = true },
        new("no diff --git lines", Answer.CertainIfUnique, (diff, _) => Plain(diff).ToBytes()) { KeepsLines = true },
        new("files and hunks shuffled", Answer.CertainIfUnique, (diff, random) => new DiffModel([.. Plain(diff).Sections.OrderBy(_ => random.Next()).Select(section => section with { Hunks = [.. section.Hunks.OrderBy(_ => random.Next())] })]).ToBytes()) { KeepsLines = true },
        new("every section twice", Answer.CertainIfUnique, (diff, _) => Bytes(Plain(diff).ToText() + Plain(diff).ToText())) { KeepsLines = true },
        new("context without its column", Answer.RightOrRefused, (diff, _) => Plain(diff).MapHunks(hunk => hunk with { Lines = [.. hunk.Lines.Select(line => line[0] == ' ' && line.Length > 1 && line[1] is not ('+' or '-' or '\\' or '@') ? line[1..] : line)] }).ToBytes()) { KeepsLines = true },
        new("outer context line wrong", Answer.RightOrRefused, (diff, _) => Plain(diff).MapHunks(hunk => MapLine(hunk, 0, line => line + " # changed")).ToBytes()) { KeepsLines = true },
        new("inner context line wrong", Answer.RightOrRefused, (diff, random) => Plain(diff).MapHunks(hunk => MapLine(hunk, random.Next(hunk.Lines.Count), line => line + "x")).ToBytes()) { KeepsLines = true },
        new("context line left out", Answer.RightOrRefused, (diff, random) => Plain(diff).MapHunks(hunk => DropLine(hunk, random)).ToBytes()),
        new("one context line each side", Answer.CertainIfUnique, (diff, _) => Plain(diff).MapHunks(hunk => Reduce(hunk, 1)).ToBytes()) { KeepsLines = true },
        new("last hunk cut off", Answer.Refused, (diff, random) => Truncate(Plain(diff), random)),
        new("removed line wrong", Answer.RightOrRefused, (diff, random) => Plain(diff).MapHunks(hunk => ChangeRemoved(hunk, random)).ToBytes()) { KeepsLines = true },
        new("search and replace", Answer.CertainIfUnique, (diff, _) => EditForms.SearchReplace(Plain(diff))),
        new("begin patch", Answer.CertainIfUnique, (diff, _) => EditForms.BeginPatch(Plain(diff))),
        new("begin patch without its end", Answer.Refused, (diff, _) => EditForms.BeginPatch(Plain(diff)) is { } bytes ? bytes[..^"*** End Patch\n".Length] : null),
        new("no-newline marks left out", Answer.CertainIfUnique, (diff, _) => diff.Sections.Any(section => section.Hunks.Any(hunk => hunk.Lines.Count(line => line[0] == '\\') == 1 && !hunk.Lines[^2].StartsWith(' '))) ? null : Bytes(Plain(diff).ToText().Replace("\\ No newline at end of file\n", "", StringComparison.Ordinal))) { KeepsLines = true },
        new("context elided", Answer.RightOrRefused, (diff, _) => Plain(diff).MapHunks(Elide).ToBytes()) { KeepsLines = true },
        new("addition elided", Answer.Refused, (diff, random) => ElideAddition(Plain(diff), random)),
    ];

    /// <summary>The diff as a model writes it: no blob names, no modes.</summary>
    public static DiffModel Plain(DiffModel diff) => diff.MapHeaders(line => line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal) ? line : null);

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static string Replace(string text, Regex pattern, string by) => pattern.Replace(text, by.Replace("$", "$$", StringComparison.Ordinal));

    private static string Replace(string text, Regex pattern, Func<Match, string> by) => pattern.Replace(text, match => by(match));

    private static byte[] Fence(string text) => Bytes("Sure! Here is the change:\n\n```diff\n" + text + "```\n\nIt keeps the rest as it is.\n");

    private static string? Unprefix(string line) => line.StartsWith("--- a/", StringComparison.Ordinal) || line.StartsWith("+++ b/", StringComparison.Ordinal) ? line[..4] + line[6..] : line;

    private static byte[] TrailBlanks(byte[] file)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var line in Latin(file).Split('\n'))
            text.Append(line).Append(number++ % 3 == 1 && !line.EndsWith('\r') && line.Length > 0 ? "  " : "").Append('\n');
        return Bytes(text.ToString(0, text.Length - 1));
    }

    private static bool HasTrailingBlankEdits(DiffModel diff) => diff.ToText().Contains('\r', StringComparison.Ordinal) || diff.Sections.Any(section => section.Hunks.Any(hunk => hunk.Lines.Any(line => line[0] != '\\' && line.Length > 1 && line[^1] is ' ' or '\t')));

    private static DiffModel.Hunk Shift(DiffModel.Hunk hunk, Func<string, string> shift) =>
        hunk with { Lines = [.. hunk.Lines.Select(line => line[0] == '\\' || string.IsNullOrWhiteSpace(line[1..]) ? line : line[0] + shift(line[1..]))] };

    private static DiffModel.Hunk Dedent(DiffModel.Hunk hunk)
    {
        var solid = hunk.Lines.Where(line => line[0] != '\\' && !string.IsNullOrWhiteSpace(line[1..])).Select(line => line[1..]).ToList();
        var depth = solid.Count == 0 ? 0 : solid.Min(line => line.Length - line.TrimStart(' ').Length);
        return Shift(hunk, line => line[depth..]);
    }

    private static DiffModel.Hunk MapLine(DiffModel.Hunk hunk, int at, Func<string, string> map) =>
        hunk.Lines[at][0] != ' ' ? hunk : hunk with { Lines = [.. hunk.Lines.Select((line, i) => i == at ? map(line) : line)] };

    private static DiffModel.Hunk DropLine(DiffModel.Hunk hunk, Random random)
    {
        var at = random.Next(hunk.Lines.Count);
        return hunk.Lines[at][0] != ' ' ? hunk : (hunk with { Lines = [.. hunk.Lines.Where((_, i) => i != at)] }).Recount();
    }

    private static DiffModel.Hunk ChangeRemoved(DiffModel.Hunk hunk, Random random)
    {
        var removed = Enumerable.Range(0, hunk.Lines.Count).Where(i => hunk.Lines[i][0] == '-').ToList();
        return removed.Count == 0 ? hunk : hunk with { Lines = [.. hunk.Lines.Select((line, i) => i == removed[random.Next(removed.Count)] ? line + "?" : line)] };
    }

    private static DiffModel.Hunk Reduce(DiffModel.Hunk hunk, int context)
    {
        if (hunk.HasMarker)
            return hunk;
        var lead = Math.Max(0, hunk.Lines.TakeWhile(line => line[0] == ' ').Count() - context);
        var tail = Math.Max(0, hunk.Lines.Reverse().TakeWhile(line => line[0] == ' ').Count() - context);
        return (hunk with { OldStart = hunk.OldStart + lead, NewStart = hunk.NewStart + lead, Lines = [.. hunk.Lines.Skip(lead).SkipLast(tail)] }).Recount();
    }

    private static byte[]? Truncate(DiffModel diff, Random random)
    {
        var last = diff.Sections[^1].Hunks[^1];
        if (last.HasMarker || last.Lines.Count < 2)
            return null;
        var cut = random.Next(1, last.Lines.Count);
        var text = diff.ToText();
        var lines = text.Split('\n');
        return Bytes(string.Join('\n', lines[..^(cut + 1)]) + "\n");
    }

    private static DiffModel.Hunk Elide(DiffModel.Hunk hunk)
    {
        var run = Enumerable.Range(0, hunk.Lines.Count).FirstOrDefault(i => i > 0 && i + 3 < hunk.Lines.Count && hunk.Lines.Skip(i - 1).Take(5).All(line => line[0] == ' '), -1);
        return run < 0 ? hunk : hunk with { Lines = [.. hunk.Lines.Take(run), " ...", .. hunk.Lines.Skip(run + 2)] };
    }

    private static byte[]? ElideAddition(DiffModel diff, Random random)
    {
        if (diff.ToText().Contains("...", StringComparison.Ordinal))
            return null;
        var marker = random.Next(3) switch { 0 => "+...", 1 => "+    # ... existing code ...", _ => "+    // ..." };
        var done = false;
        var result = diff.MapHunks(hunk =>
        {
            var at = Enumerable.Range(0, hunk.Lines.Count).FirstOrDefault(i => hunk.Lines[i][0] == '+', -1);
            if (done || at < 0)
                return hunk;
            done = true;
            return hunk with { Lines = [.. hunk.Lines.Select((line, i) => i == at ? marker : line)] };
        });
        return done ? result.ToBytes() : null;
    }

    [GeneratedRegex(@"^@@ -\d+,\d+ \+\d+,\d+ @@.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex("^ $", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BlankPattern();

    [GeneratedRegex("(?<!\r)\n", RegexOptions.CultureInvariant)]
    private static partial Regex LonelyPattern();

    [GeneratedRegex("^\t+", RegexOptions.CultureInvariant)]
    private static partial Regex TabPattern();
}
