using System.Diagnostics;
using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Tests.Patching;

/// <summary>The patch engine beside git itself, on a generated history and on this repository's own.</summary>
public sealed class GitTests : IDisposable
{
    private static readonly PatchOptions _options = new() { AllowSymlinks = true, AllowSubmodules = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("patching-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void On_a_generated_history_every_commit_gives_the_tree_git_gives()
    {
        var random = new Random(7);
        Git(_folder, "init", "-q", ".");
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var commit = 0; commit < 40; commit++)
        {
            Step(random, files);
            foreach (var path in Directory.GetFileSystemEntries(_folder).Where(path => Path.GetFileName(path) != ".git"))
            {
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
            }
            foreach (var (path, bytes) in files)
            {
                var full = Path.Combine(_folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.WriteAllBytes(full, bytes);
            }
            Git(_folder, "add", "-A");
            if (files.ContainsKey("e/run.sh") && random.Next(2) == 0)
                Git(_folder, "update-index", "--chmod=+x", "e/run.sh");
            Git(_folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-m", "x");
        }

        Assert.Equal(39, CompareHistory(_folder, 40, applyWithGit: true));
    }

    [Fact]
    public void On_this_repositorys_own_history_every_commit_gives_the_tree_git_gives()
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !Path.Exists(Path.Combine(root, ".git")))
            root = Path.GetDirectoryName(root);
        if (root is null)
            return; // An unpacked archive has no history to compare with; the generated one above still has.

        CompareHistory(root, 25, applyWithGit: false);
    }

    [Fact]
    public void Git_applies_the_diffs_written_here()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            for (var i = 0; i < 4; i++)
                Step(random, files);
            var before = files.ToDictionary(file => file.Key, file => file.Value);
            for (var i = 0; i < 3; i++)
                Step(random, files);
            var work = Directory.CreateDirectory(Path.Combine(_folder, $"w{seed}")).FullName;
            foreach (var (path, bytes) in before)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(work, path))!);
                File.WriteAllBytes(Path.Combine(work, path), bytes);
            }
            var diff = PatchSet.Diff(PatchTree.FromFiles(before), PatchTree.FromFiles(files));
            if (diff.IsEmpty)
                continue;

            Git(work, diff.ToArray(), "apply", "--whitespace=nowarn", "-");

            foreach (var (path, bytes) in files)
                Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(work, path)));
            Assert.Equal(files.Count, Directory.GetFiles(work, "*", SearchOption.AllDirectories).Length);
        }
    }

    private static int CompareHistory(string repository, int commits, bool applyWithGit)
    {
        var compared = 0;
        foreach (var commit in Text(Git(repository, "rev-list", "--no-merges", $"--max-count={commits}", "HEAD")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parent = Text(Git(repository, "rev-list", "--parents", "-n1", commit)).Trim().Split(' ').Skip(1).FirstOrDefault();
            if (parent is null)
                continue;
            var before = Changed(repository, commit, old: true);
            var after = Changed(repository, commit, old: false);
            var diff = Git(repository, "diff-tree", "-p", "-M", "-C", "--binary", "--full-index", "--no-commit-id", commit);
            compared++;
            if (diff.Length == 0)
                continue;

            var applied = Trees.Applied(PatchSet.Parse(diff).Apply(PatchTree.FromDelegates(path => before.GetValueOrDefault(path) ?? Blob(repository, parent, path), () => before.Keys), null, _options));

            var tree = new SortedDictionary<string, PatchTree.File>(before, StringComparer.Ordinal);
            foreach (var change in applied.Changes)
            {
                if (change.File is null)
                    tree.Remove(change.Path);
                else
                    tree[change.Path] = change.File;
            }
            Assert.Equal(after.Select(Show).Order(StringComparer.Ordinal), tree.Select(Show).Order(StringComparer.Ordinal));
            if (applyWithGit)
                Assert.Equal(Text(Git(repository, "rev-parse", commit + "^{tree}")).Trim(), TreeByGit(repository, parent, diff));
        }
        return compared;
    }

    private static string TreeByGit(string repository, string parent, byte[] diff)
    {
        Git(repository, "read-tree", parent);
        Git(repository, diff, "apply", "--cached", "--whitespace=nowarn", "-");
        return Text(Git(repository, "write-tree")).Trim();
    }

    private static string Show(KeyValuePair<string, PatchTree.File> file) => $"{file.Key} {file.Value.Mode} {PatchSet.ContentHash(file.Value.Content.Span)}";

    private static Dictionary<string, PatchTree.File> Changed(string repository, string commit, bool old)
    {
        var raw = Text(Git(repository, "diff-tree", "-r", "-z", "--no-commit-id", "--raw", commit)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var files = new Dictionary<string, PatchTree.File>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < raw.Length; i += 2)
        {
            var fields = raw[i][1..].Split(' ');
            var (mode, blob) = old ? (fields[0], fields[2]) : (fields[1], fields[3]);
            if (mode is not ("000000" or "160000"))
                files[raw[i + 1]] = new(Git(repository, "cat-file", "blob", blob), mode);
        }
        return files;
    }

    /// <summary>A file the commit copies from but does not change.</summary>
    private static PatchTree.File? Blob(string repository, string commit, string path)
    {
        var entry = Text(Git(repository, "ls-tree", commit, "--", path)).Split([' ', '\t'], 4);
        return entry.Length == 4 && entry[1] == "blob" ? new(Git(repository, "cat-file", "blob", entry[2]), entry[0]) : null;
    }

    private static void Step(Random random, SortedDictionary<string, byte[]> files)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var name = ((string[])["a.cs", "d/b b.py", "d/ü.js", "e/run.sh", "bin.dat", "f/g/h.txt", "x", "e/empty"])[random.Next(8)];
            if (files.TryGetValue(name, out var bytes))
            {
                if (random.Next(8) == 0)
                    files.Remove(name);
                else if (random.Next(8) == 0 && files.Remove(name) && name is not "x")
                    files["moved/" + random.Next(30) + name.Replace('/', '-')] = random.Next(2) == 0 ? bytes : History.Edit(random, bytes, 1);
                else
                    files[name] = History.Edit(random, bytes, random.Next(1, 6));
            }
            else
            {
                var fresh = History.File(random, name == "e/empty" ? 0 : random.Next(1, 60));
                files[name] = name == "bin.dat" ? [.. fresh, 0, (byte)random.Next(256)] : fresh;
            }
        }
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static byte[] Git(string folder, params string[] arguments) => Git(folder, null, arguments);

    private static byte[] Git(string folder, byte[]? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var argument in (string[])["-c", "core.autocrlf=false", "-c", "core.fileMode=true", .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output.ToArray();
    }
}
