using System.Diagnostics;
using Orchestrator.Patching;

namespace Orchestrator.Benchmarks.Patching;

/// <summary>Patches of the size models send, applied in memory and by a git process to the same files.</summary>
internal static class GitComparison
{
    public static void Run()
    {
        Console.WriteLine($"{"files",5} {"hunks each",10} {"file KB",8} {"line numbers",13} {"ours ms",9} {"MB/s",8} {"allocated KB",13} {"git ms",8} {"ratio",7}");
        foreach (var moved in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (var (files, hunks, kilobytes) in (ReadOnlySpan<(int, int, int)>)[(1, 1, 4), (1, 3, 16), (2, 2, 16), (3, 4, 32), (5, 3, 32), (5, 10, 64)])
                Row(files, hunks, kilobytes, moved);
        }
    }

    private static void Row(int files, int hunks, int kilobytes, bool moved)
    {
        var random = new Random(files * 100 + hunks);
        var before = Enumerable.Range(0, files).ToDictionary(i => $"src/file{i}.cs", _ => Corpus.File(random, kilobytes * 1024));
        var after = before.ToDictionary(file => file.Key, file => Corpus.Edit(file.Value, hunks));
        var diff = PatchSet.Diff(PatchTree.FromFiles(before), PatchTree.FromFiles(after)).ToArray();
        if (moved)
            diff = Corpus.Misnumber(diff);
        var tree = PatchTree.FromFiles(before);

        var (ours, allocated) = Measure.Warm(300, () => Check(PatchSet.Parse(diff).Apply(tree), files));
        var git = GitApply(before, diff);

        var megabytes = (before.Sum(file => file.Value.Length) + diff.Length) / 1e6;
        Console.WriteLine($"{files,5} {hunks,10} {kilobytes,8} {(moved ? "wrong" : "right"),13} {ours.TotalMilliseconds,9:F3} {megabytes / ours.TotalSeconds,8:F0} {allocated / 1024.0,13:F0} {git.TotalMilliseconds,8:F2} {git / ours,6:F0}x");
    }

    private static void Check(PatchResult result, int files)
    {
        if (result is not PatchResult.Applied applied || applied.Changes.Count != files)
            throw new InvalidOperationException("The patch was not applied.");
    }

    private static TimeSpan GitApply(Dictionary<string, byte[]> files, byte[] diff)
    {
        var folder = Directory.CreateTempSubdirectory("patch-benchmark-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "src"));
            var times = new List<TimeSpan>();
            for (var i = 0; i < 21; i++)
            {
                foreach (var (path, bytes) in files)
                    File.WriteAllBytes(Path.Combine(folder, path), bytes);
                var start = Stopwatch.GetTimestamp();
                using var process = Process.Start(new ProcessStartInfo("git", ["apply", "-"]) { WorkingDirectory = folder, RedirectStandardInput = true })!;
                process.StandardInput.BaseStream.Write(diff);
                process.StandardInput.Close();
                process.WaitForExit();
                times.Add(Stopwatch.GetElapsedTime(start));
                if (process.ExitCode != 0)
                    throw new InvalidOperationException("git did not apply the patch.");
            }
            times.Sort();
            return times[times.Count / 2];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
