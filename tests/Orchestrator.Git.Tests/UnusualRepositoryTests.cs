using System.Globalization;

namespace Orchestrator.Git.Tests;

public sealed class UnusualRepositoryTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task What_cannot_be_opened_is_explained_before_a_task_is_accepted()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_repository.Folder, "empty")).FullName;
        _repository.Write("sub/a.txt", "x");
        (GitWorkspaceProvider Provider, TaskRequest.RepoScope Scope, string[] Words)[] problems =
        [
            (_repository.Provider(configure: options => options with { Path = Path.Combine(_repository.Folder, "missing") }), new(), ["missing", "does not exist"]),
            (_repository.Provider(configure: options => options with { Path = empty }), new(), ["not one that git can open", "git init"]),
            (_repository.Provider(), new(), ["has no commit", "Commit something first"]),
            (_repository.Provider(configure: options => options with { Path = Path.Combine(_repository.Root, "sub") }), new(), ["'sub' inside a repository", "root"]),
            (_repository.Provider(), new() { Repo = "other" }, ["'other' is unknown", "'drafts'"]),
            (_repository.Provider(), new() { Repo = _repository.Root }, ["is unknown", "'drafts'"]),
            (_repository.Provider(options: git => git.AddRepository("second", empty)), new(), ["names no repository", "'drafts', 'second'"]),
            (_repository.Provider(options: git => git.Executable = "git-that-is-not-installed"), new(), ["could not be started", "Install git"]),
            (new GitWorkspaceProvider(new GitOptions(), TimeProvider.System), new(), ["none is registered", "AddRepository"]),
        ];

        foreach (var (provider, scope, words) in problems)
        {
            var problem = await provider.FindProblemAsync(scope, default);

            Assert.All(words, word => Assert.Contains(word, problem));
            Assert.Equal(problem, (await Assert.ThrowsAsync<OrchestratorException>(() => provider.OpenAsync(scope, TemporaryRepository.Run, null, 1, default).AsTask())).Message);
        }
    }

    [Theory]
    [InlineData("-q")]
    [InlineData("--all")]
    [InlineData("HEAD:a.txt")]
    [InlineData("main\n--all")]
    [InlineData("")]
    public async Task A_revision_is_never_taken_for_an_option(string revision)
    {
        _repository.Write("a.txt", "x");
        _repository.Commit();

        var problem = await _repository.Provider().FindProblemAsync(new TaskRequest.RepoScope { Revision = revision }, default);

        Assert.Equal(revision.Length == 0, problem is null);
    }

    [Fact]
    public async Task Bare_shallow_linked_and_detached_repositories_work()
    {
        _repository.Write("a.txt", "one\n");
        _repository.Commit("One");
        _repository.Write("a.txt", "two\n");
        _repository.Commit("Two");
        string At(string name) => Path.Combine(_repository.Folder, name);
        _repository.Git("clone", "--quiet", "--bare", _repository.Root, At("bare.git"));
        _repository.Git("clone", "--quiet", "--depth=1", "file://" + _repository.Root.Replace(" ", "%20", StringComparison.Ordinal), At("shallow"));
        _repository.Git("worktree", "add", "--quiet", "--detach", At("linked"), "HEAD~1");
        _repository.Git("checkout", "--quiet", "--detach");

        foreach (var (path, text) in ((string, string)[])[(At("bare.git"), "two\n"), (At("shallow"), "two\n"), (At("linked"), "one\n"), (_repository.Root, "two\n")])
        {
            await using var workspace = await _repository.Provider("git log --oneline | wc -l; cat a.txt", options => options with { Path = path })
                .OpenAsync(new TaskRequest.RepoScope(), new RunId(new Guid(path.Length, 0, 0, new byte[8])), null, 1, default);
            var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("b.txt"), "x"u8.ToArray())], "B", new CallId(1), "code_edit"), default);

            var report = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);

            Assert.Equal(TestReport.Result.Passed, report.Outcome);
            Assert.EndsWith(text, report.Output);
            Assert.Empty(workspace.Notes);
        }
    }

    [Fact]
    public async Task A_repository_with_other_object_names_works()
    {
        using var repository = new TemporaryRepository("--object-format=sha256");
        repository.Write("a.txt", "x\n");
        repository.Commit();
        await using var workspace = await repository.OpenAsync("cat a.txt");

        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "y\n"u8.ToArray())], "Y", new CallId(1), "code_edit"), default);

        Assert.Equal(64, next.Commit.Length);
        Assert.Equal("y\n", (await workspace.VerifyAsync(new IWorkspace.Verification(next), default)).Output);
    }

    [Fact]
    public async Task A_repository_in_the_middle_of_a_merge_starts_from_head_and_says_so()
    {
        _repository.Write("a.txt", "base\n");
        _repository.Commit();
        _repository.Git("checkout", "--quiet", "-b", "side");
        _repository.Write("a.txt", "side\n");
        _repository.Commit();
        _repository.Git("checkout", "--quiet", "main");
        _repository.Write("a.txt", "main\n");
        _repository.Commit();
        Assert.Throws<InvalidOperationException>(() => _repository.Git("merge", "--quiet", "side"));

        await using var workspace = await _repository.OpenAsync();

        Assert.Contains(workspace.Notes, note => note.Contains("A merge is under way", StringComparison.Ordinal));
        Assert.Equal("main\n"u8.ToArray(), (await workspace.ReadAsync(workspace.Base, RepoPath.Parse("a.txt"), default))!.Bytes!.Value.ToArray());
    }

    [Fact]
    public async Task Submodules_and_large_file_pointers_are_left_alone_with_a_word()
    {
        const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
        _repository.Write("big.bin", Pointer);
        _repository.Commit();
        _repository.Write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        _repository.Git("add", ".gitattributes");
        _repository.Git("update-index", "--add", "--cacheinfo", $"160000,{_repository.Git("rev-parse", "HEAD")},modules/other");
        _repository.Git("commit", "--quiet", "--message", "Modules");
        _repository.Git("config", "filter.lfs.smudge", "false");
        _repository.Git("config", "filter.lfs.required", "true");
        await using var workspace = await _repository.OpenAsync("cat big.bin; ls -d modules/other");

        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "x"u8.ToArray())], "A", new CallId(1), "code_edit"), default);
        var report = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);

        Assert.Contains(workspace.Notes, note => note.Contains("'modules/other'", StringComparison.Ordinal));
        Assert.Contains(workspace.Notes, note => note.Contains("LFS", StringComparison.Ordinal));
        Assert.Equal(Pointer + "modules/other\n", report.Output);
        Assert.DoesNotContain(RepoPath.Parse("modules/other"), await workspace.ListAsync(next, default));
        Assert.Contains("160000", _repository.Git("ls-tree", next.Commit, "modules/other"));
        foreach (var file in (IWorkspace.File[])[new(RepoPath.Parse("modules/other"), null), new(RepoPath.Parse("modules/other/a.txt"), "x"u8.ToArray())])
        {
            await Assert.ThrowsAsync<OrchestratorException>(() => workspace.CommitAsync(new IWorkspace.Commit(next, [file], "No", new CallId(2), "code_edit"), default).AsTask());
        }
    }

    [Fact]
    public async Task A_sparse_checkout_stays_sparse_and_the_run_sees_every_file()
    {
        _repository.Write("near/a.txt", "a\n");
        _repository.Write("far/b.txt", "b\n");
        _repository.Commit();
        _repository.Git("sparse-checkout", "set", "--cone", "--sparse-index", "near");
        var index = await File.ReadAllBytesAsync(Path.Combine(_repository.Root, ".git", "index"));
        await using var workspace = await _repository.OpenAsync("cat near/a.txt far/b.txt");

        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("far/b.txt"), "changed\n"u8.ToArray())], "B", new CallId(1), "code_edit"), default);
        var report = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);

        Assert.Equal("a\nchanged\n", report.Output);
        Assert.Empty(workspace.Notes);
        Assert.Equal(["far/b.txt", "near/a.txt"], (await workspace.ListAsync(next, default)).Select(path => path.Value));
        Assert.Equal("M\tfar/b.txt", _repository.Git("diff-tree", "-r", "--name-status", workspace.Base.Commit, next.Commit));
        Assert.False(Directory.Exists(Path.Combine(_repository.Root, "far")));
        Assert.Equal(index, await File.ReadAllBytesAsync(Path.Combine(_repository.Root, ".git", "index")));
    }

    [Fact]
    public async Task A_large_tree_is_listed_changed_and_checked_out()
    {
        const int Files = 20_000;

        // One blob under many names: as large for git's trees and for checkouts, and quick to make.
        _repository.Write("a.txt", "a\n");
        var blob = _repository.Git("hash-object", "-w", "a.txt");
        var names = Path.Combine(_repository.Folder, "names");
        await File.WriteAllLinesAsync(names, Enumerable.Range(0, Files).Select(number => $"100644 {blob}\tpart{number % 200:000}/file{number:00000}.txt"));
        Shell.Run(_repository.Root, $"git update-index --index-info < {Shell.Quote(names)}");
        _repository.Git("commit", "--quiet", "--message", "Many");
        _repository.Git("reset", "--hard", "--quiet");
        await using var workspace = await _repository.OpenAsync("find . -name 'file*.txt' | wc -l; cat part007/file00007.txt");

        var path = RepoPath.Parse("part007/file00007.txt");
        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(path, "changed\n"u8.ToArray())], "B", new CallId(1), "code_edit"), default);
        var report = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);
        _repository.Write("part008/new.txt", "new\n");
        var dirty = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal($"{Files}\nchanged\n", report.Output);
        Assert.Equal(Files, (await workspace.ListAsync(next, default)).Count);
        Assert.Equal([path], await workspace.ChangedPathsAsync(workspace.Base, next, default));
        Assert.Equal("A\ta.txt\nA\tpart008/new.txt", _repository.Git("diff-tree", "-r", "--name-status", "HEAD", dirty.Revision));
    }

    [Fact]
    public async Task A_branch_in_the_way_does_not_stop_a_run_and_is_not_moved()
    {
        _repository.Commit();
        var brief = $"orchestrator/{TemporaryRepository.Run.ToString()[^12..]}";
        _repository.Git("branch", brief);
        var before = _repository.Git("rev-parse", brief);

        await using var workspace = await _repository.OpenAsync();
        await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "x"u8.ToArray())], "A", new CallId(1), "code_edit"), default);

        Assert.Equal($"orchestrator/{TemporaryRepository.Run}", workspace.Branch);
        Assert.Equal(before, _repository.Git("rev-parse", brief));
    }

    [Fact]
    public async Task A_branch_that_was_deleted_is_named_with_the_way_to_bring_it_back()
    {
        _repository.Commit();
        IWorkspace.Revision start;
        string branch;
        await using (var workspace = await _repository.OpenAsync())
        {
            (start, branch) = (workspace.Base, workspace.Branch);
        }

        _repository.Git("branch", "-D", branch);

        var failure = await Assert.ThrowsAsync<OrchestratorException>(() => _repository.Provider().OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, start, 2, default).AsTask());
        Assert.Contains($"git branch {branch} <commit>", failure.Message);
    }

    [Fact]
    public async Task Names_with_every_kind_of_letter_are_committed_listed_and_checked_out_whatever_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            string[] names = ["İstanbul/ıI.txt", "tests/INFO.txt", "a b/'quoted' \"twice\".txt", "tab\there.txt", "line\nbreak.txt", "emoji 🧪.txt", "-option.txt", "*star?.txt"];
            foreach (var name in names)
            {
                _repository.Write(name, name);
            }

            _repository.Commit();
            await using var workspace = await _repository.OpenAsync("for f in *.txt; do cat -- \"$f\"; echo; done | grep -c txt");

            var next = await workspace.CommitAsync(
                new IWorkspace.Commit(workspace.Base, [.. names.Select(name => new IWorkspace.File(RepoPath.Parse("yeni/" + name), System.Text.Encoding.UTF8.GetBytes(name)))], "İş", new CallId(10), "code_edit"), default);

            Assert.Equal(names.Concat(names.Select(name => "yeni/" + name)).Order(StringComparer.Ordinal), (await workspace.ListAsync(next, default)).Select(path => path.Value));
            Assert.True(workspace.IsTestFile(RepoPath.Parse("TESTS/INFO.txt")));
            Assert.Equal(next, await workspace.FindCommitAsync(new CallId(10), default));
            var report = await workspace.VerifyAsync(new IWorkspace.Verification(next), default);
            Assert.Equal(("5\n", TestReport.Result.Passed), (report.Output, report.Outcome));
            foreach (var name in names)
            {
                Assert.Equal(name, System.Text.Encoding.UTF8.GetString((await workspace.ReadAsync(next, RepoPath.Parse("yeni/" + name), default))!.Bytes!.Value.Span));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
