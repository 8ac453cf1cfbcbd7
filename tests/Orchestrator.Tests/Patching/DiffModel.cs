using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Patching;

/// <summary>A git diff taken apart independently of the library, so that damage can be done to its parts. Text is Latin-1, one char per byte.</summary>
internal sealed partial record DiffModel(IReadOnlyList<DiffModel.Section> Sections)
{
    internal sealed record Hunk(int OldStart, int OldCount, int NewStart, int NewCount, string Heading, IReadOnlyList<string> Lines)
    {
        public IEnumerable<string> Old => Lines.Where(line => line[0] is ' ' or '-').Select(line => line[1..]);

        public IEnumerable<string> New => Lines.Where(line => line[0] is ' ' or '+').Select(line => line[1..]);

        public bool HasMarker => Lines.Any(line => line[0] == '\\');

        public Hunk Recount() => this with { OldCount = Old.Count(), NewCount = New.Count() };
    }

    internal sealed record Section(string OldPath, string Path, IReadOnlyList<string> Header, IReadOnlyList<Hunk> Hunks)
    {
        public bool IsEdit => Hunks.Count > 0 && OldPath == Path && !Header.Any(line => line.StartsWith("new file", StringComparison.Ordinal) || line.StartsWith("deleted file", StringComparison.Ordinal));
    }

    public static DiffModel Parse(byte[] diff)
    {
        var lines = Encoding.Latin1.GetString(diff).Split('\n');
        var sections = new List<Section>();
        for (var i = 0; i < lines.Length && lines[i].StartsWith("diff --git ", StringComparison.Ordinal);)
        {
            var header = new List<string>();
            while (i < lines.Length && !lines[i].StartsWith("@@ ", StringComparison.Ordinal) && (header.Count == 0 || !lines[i].StartsWith("diff --git ", StringComparison.Ordinal)))
                header.Add(lines[i++]);
            if (i == lines.Length)
                header.RemoveAt(header.Count - 1);
            var hunks = new List<Hunk>();
            while (i < lines.Length && HeaderPattern().Match(lines[i]) is { Success: true } match)
            {
                int Number(int group, int fallback) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture) : fallback;
                var hunk = new Hunk(Number(1, 0), Number(2, 1), Number(3, 0), Number(4, 1), match.Groups[5].Value, []);
                var body = new List<string>();
                var (old, fresh) = (hunk.OldCount, hunk.NewCount);
                for (i++; old > 0 || fresh > 0; i++)
                {
                    body.Add(lines[i]);
                    old -= lines[i][0] is ' ' or '-' ? 1 : 0;
                    fresh -= lines[i][0] is ' ' or '+' ? 1 : 0;
                }
                if (i < lines.Length && lines[i].StartsWith('\\'))
                    body.Add(lines[i++]);
                hunks.Add(hunk with { Lines = body });
            }
            var minus = header.FirstOrDefault(line => line.StartsWith("--- ", StringComparison.Ordinal))?[4..].TrimEnd('\t') ?? "";
            var plus = header.FirstOrDefault(line => line.StartsWith("+++ ", StringComparison.Ordinal))?[4..].TrimEnd('\t') ?? "";
            sections.Add(new(Unprefixed(minus), Unprefixed(plus), header, hunks));
        }
        return new(sections);
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(ToText());

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            foreach (var line in section.Header)
                text.Append(line).Append('\n');
            foreach (var hunk in section.Hunks)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"@@ -{hunk.OldStart},{hunk.OldCount} +{hunk.NewStart},{hunk.NewCount} @@{hunk.Heading}\n");
                foreach (var line in hunk.Lines)
                    text.Append(line).Append('\n');
            }
        }
        return text.ToString();
    }

    public DiffModel MapHunks(Func<Hunk, Hunk> map) => new([.. Sections.Select(section => section with { Hunks = [.. section.Hunks.Select(map)] })]);

    public DiffModel MapHeaders(Func<string, string?> map) => new([.. Sections.Select(section => section with { Header = [.. section.Header.Select(map).OfType<string>()] })]);

    private static string Unprefixed(string name) => name.Length > 2 && name[1] == '/' ? name[2..] : name;

    [GeneratedRegex(@"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex HeaderPattern();
}
