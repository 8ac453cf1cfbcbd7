using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Benchmarks.Patching;

/// <summary>Files like source code, and edits spread over them.</summary>
internal static partial class Corpus
{
    public static byte[] File(Random random, int bytes)
    {
        var text = new StringBuilder(bytes + 80);
        for (var i = 0; text.Length < bytes; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    var value{i} = compute_{random.Next(100_000)}(draft, {random.Next(1000)});\n");
            if (i % 9 == 8)
                text.Append("    }\n\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The file with lines replaced at equal distances.</summary>
    public static byte[] Edit(byte[] file, int edits)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n');
        var step = Math.Max(1, lines.Length / (edits + 1));
        for (var i = 1; i <= edits && i * step < lines.Length; i++)
            lines[i * step] = $"    var changed{i} = true;\n    Log(\"{i}\");";
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    /// <summary>The diff with every hunk said to stand at line 7, as models number lines.</summary>
    public static byte[] Misnumber(byte[] diff) => Encoding.UTF8.GetBytes(StartPattern().Replace(Encoding.UTF8.GetString(diff), "@@ -7,"));

    [GeneratedRegex(@"^@@ -\d+,", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex StartPattern();
}
