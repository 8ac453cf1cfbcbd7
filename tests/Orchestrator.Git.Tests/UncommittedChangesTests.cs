namespace Orchestrator.Git.Tests;

/// <summary>A run can start from a checkout as it is.</summary>
public sealed class UncommittedChangesTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task What_is_changed_staged_new_deleted_moved_or_made_executable_is_included()
    {
        foreach (var name in (string[])["changed.txt", "staged.txt", "half.txt", "deleted.txt", "removed.txt", "moved.txt", "tool.sh", "folder/a.txt", "file", "same.txt"])
        {
            _repository.Write(name, name + "\n");
        }

        _repository.Write(".gitignore", "*.log\n");
        _repository.Commit();
        _repository.Write("changed.txt", "changed\n");
        _repository.Write("half.txt", "staged\n");
        _repository.Write("staged.txt", "staged\n");
        _repository.Write("forced.log", "forced\n");
        _repository.Git("add", "--force", "half.txt", "staged.txt", "forced.log");
        _repository.Write("half.txt", "and edited\n");
        _repository.Write("planned.txt", "planned\n");
        _repository.Git("add", "--intent-to-add", "planned.txt");
        _repository.Git("rm", "--quiet", "removed.txt");
        _repository.Git("mv", "moved.txt", "elsewhere.txt");
        File.Delete(At("deleted.txt"));
        TemporaryRepository.SetMode(At("tool.sh"), 0b111_101_101);
        File.CreateSymbolicLink(At("link"), "changed.txt");
        Directory.Delete(At("folder"), recursive: true);
        File.CreateSymbolicLink(At("folder"), ".");
        File.Delete(At("file"));
        _repository.Write("file/inside.txt", "inside\n");
        _repository.Write("yeni/İstanbul \"ı\"\t🧪.txt", "new\n");
        _repository.Write("left.log", "ignored\n");
        File.SetLastWriteTimeUtc(At("same.txt"), DateTime.UnixEpoch);

        var scope = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal(
            [
                "M\tchanged.txt", "D\tdeleted.txt", "A\telsewhere.txt", "D\tfile", "A\tfile/inside.txt", "A\tfolder", "D\tfolder/a.txt", "A\tforced.log", "M\thalf.txt", "A\tlink",
                "D\tmoved.txt", "A\tplanned.txt", "D\tremoved.txt", "M\tstaged.txt", "M\ttool.sh", "A\t\"yeni/İstanbul \\\"ı\\\"\\t🧪.txt\"",
            ],
            _repository.Git("diff-tree", "-r", "--no-renames", "--name-status", "HEAD", scope.Revision).Split('\n'));
        Assert.Equal("and edited", _repository.Git("show", scope.Revision + ":half.txt"));
        Assert.StartsWith("120000", _repository.Git("ls-tree", scope.Revision, "link"), StringComparison.Ordinal);
        Assert.StartsWith("100755", _repository.Git("ls-tree", scope.Revision, "tool.sh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_state_is_the_same_commit_and_a_clean_checkout_is_HEAD()
    {
        _repository.Write("a.txt", "one\n");
        _repository.Commit();
        var provider = _repository.Provider();

        var clean = await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope());
        _repository.Write("a.txt", "two\n");
        var first = await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope());
        var second = await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope { Paths = ["src/**"] });
        _repository.Git("add", "a.txt");
        var staged = await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope());
        _repository.Write("a.txt", "three\n");
        var other = await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal(_repository.Git("rev-parse", "HEAD"), clean.Revision);
        Assert.Equal(first.Revision, second.Revision);
        Assert.Equal(first.Revision, staged.Revision);
        Assert.NotEqual(first.Revision, other.Revision);
        Assert.Equal(["src/**"], second.Paths);
    }

    [Fact]
    public async Task A_run_starts_from_it_and_keeps_it()
    {
        _repository.Write("a.txt", "one\n");
        _repository.Commit();
        _repository.Write("a.txt", "two\n");
        var provider = _repository.Provider("cat a.txt");

        await using var workspace = await provider.OpenAsync(await provider.IncludeUncommittedAsync(new TaskRequest.RepoScope()), TemporaryRepository.Run, null, 1, default);

        Assert.Equal("two\n", (await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default)).Output);
        Assert.Equal(workspace.Base.Commit, _repository.Git("rev-parse", $"refs/orchestrator/{TemporaryRepository.Run}/base"));
    }

    [Fact]
    public async Task Line_ends_and_clean_filters_are_applied_as_git_add_would()
    {
        _repository.Write(".gitattributes", "*.txt text\n*.up filter=up\n");
        _repository.Git("config", "core.autocrlf", "true");
        _repository.Git("config", "filter.up.clean", "tr a-z A-Z");
        _repository.Git("config", "filter.up.smudge", "tr A-Z a-z");
        _repository.Write("same.txt", "one\r\n");
        _repository.Commit();
        _repository.Git("config", "core.safecrlf", "true");
        _repository.Write("new.txt", "one\r\nmixed\n");
        _repository.Write("new.up", "loud\n");

        var scope = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal("A\tnew.txt\nA\tnew.up", _repository.Git("diff-tree", "-r", "--name-status", "HEAD", scope.Revision));
        Assert.Equal("one\nmixed", _repository.Git("cat-file", "blob", scope.Revision + ":new.txt"));
        Assert.Equal("LOUD", _repository.Git("cat-file", "blob", scope.Revision + ":new.up"));
    }

    [Fact]
    public async Task Files_outside_a_sparse_checkout_are_not_taken_for_deleted()
    {
        _repository.Write("near/a.txt", "a\n");
        _repository.Write("far/b.txt", "b\n");
        _repository.Commit();
        foreach (var kind in (string[])["--no-sparse-index", "--sparse-index"])
        {
            _repository.Git("sparse-checkout", "set", "--cone", kind, "near");
            Assert.False(Directory.Exists(At("far")));
            _repository.Write("near/a.txt", $"changed {kind}\n");

            var scope = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

            Assert.Equal("M\tnear/a.txt", _repository.Git("diff-tree", "-r", "--name-status", "HEAD", scope.Revision));
            _repository.Git("restore", ".");
        }
    }

    [Fact]
    public async Task Submodules_and_repositories_inside_the_checkout_are_left_alone()
    {
        _repository.Write("a.txt", "a\n");
        _repository.Commit();
        TemporaryRepository.GitAt(Directory.CreateDirectory(At("inner")).FullName, "init", "--quiet");
        _repository.Write("inner/b.txt", "b\n");
        TemporaryRepository.GitAt(Directory.CreateDirectory(At("module")).FullName, "init", "--quiet");
        TemporaryRepository.GitAt(At("module"), "-c", "user.name=U", "-c", "user.email=u@localhost", "commit", "--quiet", "--allow-empty", "--message", "One");
        _repository.Git("update-index", "--add", "--cacheinfo", $"160000,{TemporaryRepository.GitAt(At("module"), "rev-parse", "HEAD")},module");
        _repository.Git("commit", "--quiet", "--message", "Module");
        TemporaryRepository.GitAt(At("module"), "-c", "user.name=U", "-c", "user.email=u@localhost", "commit", "--quiet", "--allow-empty", "--message", "Two");
        _repository.Write("module/c.txt", "c\n");

        var scope = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal(_repository.Git("rev-parse", "HEAD"), scope.Revision);
    }

    [Fact]
    public async Task What_cannot_be_included_is_explained()
    {
        _repository.Write("a.txt", "base\n");
        _repository.Commit();
        var bare = Path.Combine(_repository.Folder, "bare.git");
        _repository.Git("clone", "--quiet", "--bare", _repository.Root, bare);
        await RefusedAsync(_repository.Provider(configure: options => options with { Path = bare }), new(), "is bare");
        await RefusedAsync(_repository.Provider(), new() { Revision = "HEAD" }, "names the revision 'HEAD' already");

        await using (var large = File.Create(At("core.dump")))
        {
            // A hole takes no room on the disk.
            large.SetLength(200L * 1024 * 1024);
        }

        await RefusedAsync(_repository.Provider(), new(), "'core.dump' with 200 MiB", "at most 20000 files with 100 MiB", ".gitignore");
        Assert.DoesNotContain(Directory.EnumerateFiles(At(".git/objects"), "*", SearchOption.AllDirectories), path => new FileInfo(path).Length > 100_000);
        File.Delete(At("core.dump"));
        _repository.Git("checkout", "--quiet", "-b", "side");
        _repository.Write("a.txt", "side\n");
        _repository.Commit();
        _repository.Git("checkout", "--quiet", "main");
        _repository.Write("a.txt", "main\n");
        _repository.Commit();
        Assert.Throws<InvalidOperationException>(() => _repository.Git("merge", "--quiet", "side"));

        await RefusedAsync(_repository.Provider(), new(), "conflicts that are not resolved ('a.txt')");
    }

    private static async Task RefusedAsync(GitWorkspaceProvider provider, TaskRequest.RepoScope scope, params string[] words)
    {
        var failure = await Assert.ThrowsAsync<OrchestratorException>(() => provider.IncludeUncommittedAsync(scope).AsTask());

        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    private string At(string path) => Path.Combine(_repository.Root, path);
}
