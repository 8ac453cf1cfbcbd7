using System.Text;

namespace Orchestrator.Tests.Patching;

/// <summary>Generated files and edits: code-like lines with repeats, mixed line ends, marks, odd bytes and missing last newlines.</summary>
internal static class History
{
    private static readonly string[] _words = ["value", "index", "load", "save", "draft", "total", "return", "check", "open", "close", "item", "naïve", "größe"];

    public static byte[] File(Random random, int lines)
    {
        var text = new StringBuilder(random.Next(12) == 0 ? "\uFEFF" : "");
        var end = random.Next(4) switch { 0 => "\r\n", _ => "\n" };
        var mixed = random.Next(10) == 0;
        for (var i = 0; i < lines; i++)
            text.Append(Line(random)).Append(mixed && random.Next(3) == 0 ? "\r\n" : end);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return random.Next(6) == 0 && bytes.Length > 2 ? bytes[..^end.Length] : bytes;
    }

    public static string Line(Random random)
    {
        var indent = new string(random.Next(8) == 0 ? '\t' : ' ', random.Next(8) == 0 ? 1 : 4 * random.Next(3));
        return random.Next(12) switch
        {
            0 => "",
            1 => indent + "}",
            2 => indent + "{",
            3 => indent + "return;",
            4 => indent + "-- " + Word(random),
            5 => indent + "++ " + Word(random) + "  ",
            _ => $"{indent}{Word(random)} = {Word(random)}({random.Next(400)});",
        };
    }

    public static byte[] Edit(Random random, byte[] file, int edits)
    {
        var lines = Encoding.Latin1.GetString(file).Split('\n').ToList();
        var end = lines.Count > 1 && lines[0].EndsWith('\r') ? "\r" : "";
        for (var i = 0; i < edits; i++)
        {
            var at = random.Next(lines.Count);
            var fresh = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Line(random))) + end;
            switch (random.Next(4))
            {
                case 0:
                    lines.Insert(at, fresh);
                    break;
                case 1 when lines.Count > 1:
                    lines.RemoveAt(at);
                    break;
                case 2:
                    lines.InsertRange(at, Enumerable.Range(0, random.Next(1, 5)).Select(_ => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Line(random))) + end));
                    break;
                default:
                    lines[at] = fresh;
                    break;
            }
        }
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static string Word(Random random) => _words[random.Next(_words.Length)];
}
