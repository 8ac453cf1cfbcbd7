using System.Text;

namespace Orchestrator.Tests.Patching;

/// <summary>Writes a diff in the other forms that models use.</summary>
internal static class EditForms
{
    public static byte[]? SearchReplace(DiffModel diff)
    {
        var text = new StringBuilder("I change these places:\n\n");
        foreach (var section in diff.Sections)
        {
            foreach (var hunk in section.Hunks)
            {
                if (hunk.HasMarker || !hunk.Old.Any() || hunk.Lines.Any(line => line[1..].StartsWith("<<<<<", StringComparison.Ordinal) || line[1..].StartsWith("=====", StringComparison.Ordinal) || line[1..].StartsWith(">>>>>", StringComparison.Ordinal)))
                    return null;
                text.Append(section.Path).Append("\n```\n<<<<<<< SEARCH\n");
                foreach (var line in hunk.Old)
                    text.Append(line).Append('\n');
                text.Append("=======\n");
                foreach (var line in hunk.New)
                    text.Append(line).Append('\n');
                text.Append(">>>>>>> REPLACE\n```\n\n");
            }
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static byte[]? BeginPatch(DiffModel diff)
    {
        var text = new StringBuilder("*** Begin Patch\n");
        foreach (var section in diff.Sections)
        {
            text.Append("*** Update File: ").Append(section.Path).Append('\n');
            foreach (var hunk in section.Hunks)
            {
                if (hunk.HasMarker || !hunk.Old.Any())
                    return null;
                text.Append("@@\n");
                foreach (var line in hunk.Lines)
                    text.Append(line).Append('\n');
            }
        }
        return Encoding.Latin1.GetBytes(text.Append("*** End Patch\n").ToString());
    }
}
