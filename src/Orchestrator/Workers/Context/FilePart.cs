using System.Globalization;

namespace Orchestrator;

/// <summary>The lines of a long file that a model is given, and what the rest declares.</summary>
/// <param name="Total">How many lines the file has.</param>
/// <param name="Spans">The lines given, in order, apart from one another.</param>
/// <param name="Outline">Declarations with their line numbers; short, and no code to patch.</param>
internal sealed record FilePart(int Total, IReadOnlyList<SourceFile.Lines> Spans, IReadOnlyList<string> Outline)
{
    private const int HeadLines = 12;
    private const int MostPlaces = 40;

    // The widest view of each place that fits is taken.
    private static readonly int[] Radii = [400, 200, 120, 80, 50, 30, 20, 12, 8, 5, 3];

    /// <summary>The part that fits into that many tokens; <see langword="null"/> where not even a few lines do.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="places">The lines that matter, the most important first.</param>
    /// <param name="tokens">What it may take.</param>
    public static FilePart? Choose(string text, IReadOnlyList<int> places, int tokens)
    {
        var lines = LinesOf(text);
        var costs = Array.ConvertAll(lines, line => TokenEstimate.Of(line) + 1);
        var outline = OutlineOf(lines, tokens / 4);
        var room = tokens - TokenEstimate.Of(string.Join('\n', outline)) - (4 * outline.Count);
        var wanted = places.Where(line => line <= lines.Length).Distinct().Take(MostPlaces).ToList();
        for (var count = wanted.Count; count > 0; count /= 2)
        {
            foreach (var radius in Radii)
            {
                var spans = Merge([.. wanted.Take(count).Select(line => (line - radius, line + radius)), (1, HeadLines)], lines.Length);
                if (Cost(spans, costs) <= room)
                {
                    return new FilePart(lines.Length, spans, outline);
                }
            }
        }

        var used = 0;
        var last = 0;
        while (last < lines.Length && used + costs[last] <= room)
        {
            used += costs[last++];
        }

        return last == 0 ? null : new FilePart(lines.Length, [new(1, last)], outline);
    }

    /// <summary>The lines that a goal or a report names by a word of the file, rarest words first.</summary>
    public static IReadOnlyList<int> LinesNaming(string text, IReadOnlyCollection<string> words)
    {
        const int TooCommon = 24;
        var lines = LinesOf(text);
        var hits = words.ToDictionary(word => word, _ => new List<int>(), StringComparer.Ordinal);
        for (var at = 0; at < lines.Length; at++)
        {
            foreach (var word in Words.In(lines[at]))
            {
                if (hits.TryGetValue(word, out var found) && (found.Count == 0 || found[^1] != at + 1) && found.Count <= TooCommon)
                {
                    found.Add(at + 1);
                }
            }
        }

        return [.. hits.Where(hit => hit.Value.Count is > 0 and <= TooCommon).OrderBy(hit => hit.Value.Count).ThenBy(hit => hit.Key, StringComparer.Ordinal).SelectMany(hit => hit.Value)];
    }

    public static string[] LinesOf(string text) => (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    /// <summary>One span's text, with the line end of its last line.</summary>
    public static string TextOf(string text, SourceFile.Lines span)
    {
        var lines = LinesOf(text);
        var isLast = span.Last == lines.Length;
        return string.Join('\n', lines[(span.First - 1)..span.Last]) + (isLast && !text.EndsWith('\n') ? "" : "\n");
    }

    public string Shown => string.Join(", ", Spans.Select(Write));

    public static string Write(SourceFile.Lines span) => span.First == span.Last
        ? span.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{span.First}-{span.Last}");

    public static IReadOnlyList<SourceFile.Lines> Merge(IEnumerable<(int First, int Last)> spans, int total)
    {
        var merged = new List<SourceFile.Lines>();
        foreach (var (first, last) in spans.Select(span => (First: Math.Max(1, span.First), Last: Math.Min(total, span.Last))).Where(span => span.First <= span.Last).OrderBy(span => span.First))
        {
            // Two lines between spans are cheaper to show than to leave out.
            if (merged.Count > 0 && first <= merged[^1].Last + 3)
            {
                merged[^1] = new(merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add(new(first, last));
            }
        }

        return merged;
    }

    private static int Cost(IReadOnlyList<SourceFile.Lines> spans, int[] costs)
    {
        const int Heading = 40;
        var sum = 0L;
        foreach (var span in spans)
        {
            sum += Heading;
            for (var line = span.First; line <= span.Last; line++)
            {
                sum += costs[line - 1];
            }
        }

        return (int)Math.Min(sum, int.MaxValue);
    }

    private static List<string> OutlineOf(string[] lines, int tokens)
    {
        const int Longest = 110;
        var outline = new List<string>();
        for (var at = 0; at < lines.Length; at++)
        {
            if (!Declaration.Is(lines[at]))
            {
                continue;
            }

            var entry = string.Create(CultureInfo.InvariantCulture, $"{at + 1}: {TextCut.Head(lines[at].TrimEnd(), Longest)}");
            tokens -= TokenEstimate.Of(entry) + 4;
            if (tokens < 0)
            {
                break;
            }

            outline.Add(entry);
        }

        return outline;
    }
}
