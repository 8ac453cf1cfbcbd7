using System.Text;

namespace Orchestrator.Patching;

/// <summary>Writes the request for a corrected patch: what failed, what stands there, and what need not be sent again.</summary>
internal static class RepairText
{
    public static string For(PatchResult.Rejected rejected, string ofTheGood)
    {
        var text = new StringBuilder("The patch was not applied; nothing has changed.\n");
        if (rejected.Good.Count > 0)
            text.Append(rejected.Good.Count == 1 ? "One hunk is" : $"{rejected.Good.Count} hunks are").Append(" good and ").Append(ofTheGood).Append('\n');
        foreach (var reject in rejected.Rejects)
        {
            text.Append("\n- ").Append(reject.Path.Length == 0 ? "patch" : reject.Path);
            if (reject.Hunk is { } hunk)
                text.Append(", hunk ").Append(hunk);
            text.Append(": ").Append(reject.Code).Append(". ").Append(reject.Message).Append('\n');
            if (reject.Expected is { } expected)
                text.Append("  expected: ").Append(expected).Append("\n  found:    ").Append(reject.Found).Append('\n');
            if (reject.HunkText is { } own)
                AppendBlock(text, "The hunk was:", own.TrimEnd('\n').Split('\n'));
            if (reject.Nearest is { } nearest)
                AppendBlock(text, $"The nearest lines of {reject.Path} are:", nearest.Lines.Select((line, i) => $"{nearest.FirstLine + i,6}  {line}"));
        }
        return text.ToString();
    }

    private static void AppendBlock(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append("  ").Append(title).Append('\n');
        foreach (var line in lines.Take(80))
            text.Append("    ").Append(line).Append('\n');
    }
}
