using System.Globalization;

namespace Orchestrator.Cli;

/// <summary>How large a diff is.</summary>
internal static class DiffStat
{
    public static string Of(string diff)
    {
        var (files, added, removed, inHunk) = (0, 0, 0, false);
        foreach (var line in diff.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("diff --git "))
            {
                files++;
                inHunk = false;
            }
            else if (line.StartsWith("@@ "))
            {
                inHunk = true;
            }
            else if (inHunk && line.Length > 0)
            {
                added += line[0] == '+' ? 1 : 0;
                removed += line[0] == '-' ? 1 : 0;
            }
        }

        return files == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{files} {(files == 1 ? "file" : "files")}, +{added} -{removed}");
    }
}
