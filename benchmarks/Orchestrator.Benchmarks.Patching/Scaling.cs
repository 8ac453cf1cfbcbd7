using Orchestrator.Patching;

namespace Orchestrator.Benchmarks.Patching;

/// <summary>Whether time grows with the input and no faster: larger files, more hunks, and hunks whose line numbers are all wrong.</summary>
internal static class Scaling
{
    private static readonly PatchOptions _options = new() { Limit = new() { PatchBytes = int.MaxValue, PatchLines = 10_000_000, Hunks = 1_000_000 } };

    public static void Run(bool quick)
    {
        Console.WriteLine($"{"case",-28} {"file MB",8} {"hunks",8} {"parse ms",9} {"apply ms",9} {"MB/s",7} {"allocated MB",13}");
        foreach (var megabytes in quick ? (int[])[1, 10] : [1, 10, 100])
            Row("file grows", megabytes, 10, moved: false);
        foreach (var megabytes in quick ? (int[])[1, 10] : [1, 10, 100])
            Row("file grows, lines wrong", megabytes, 10, moved: true);
        foreach (var hunks in quick ? (int[])[1_000, 10_000] : [1_000, 10_000, 100_000])
            Row("hunks grow", 100, hunks, moved: false);
        foreach (var hunks in quick ? (int[])[1_000, 10_000] : [1_000, 10_000, 100_000])
            Row("hunks grow, lines wrong", 100, hunks, moved: true);
    }

    private static void Row(string name, int megabytes, int hunks, bool moved)
    {
        var file = Corpus.File(new Random(1), megabytes * 1_000_000);
        var after = Corpus.Edit(file, hunks);
        var diff = PatchSet.Diff("f.cs", new(file), new(after)).ToArray();
        if (moved)
            diff = Corpus.Misnumber(diff);
        var tree = PatchTree.FromFiles(new Dictionary<string, byte[]> { ["f.cs"] = file });
        var set = PatchSet.Parse(diff, _options);

        var (parse, _) = Measure.Median(3, () => PatchSet.Parse(diff, _options));
        var (apply, allocated) = Measure.Median(3, () =>
        {
            if (set.Apply(tree, null, _options) is not PatchResult.Applied applied || !applied.Changes[0].File!.Content.Span.SequenceEqual(after))
                throw new InvalidOperationException("The patch was not applied rightly.");
        });

        Console.WriteLine($"{name,-28} {megabytes,8} {hunks,8} {parse.TotalMilliseconds,9:F1} {apply.TotalMilliseconds,9:F1} {(file.Length + diff.Length) / 1e6 / (parse + apply).TotalSeconds,7:F0} {allocated / 1e6,13:F0}");
    }
}
