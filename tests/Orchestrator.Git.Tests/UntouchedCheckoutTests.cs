using System.Globalization;
using System.Security.Cryptography;

namespace Orchestrator.Git.Tests;

public sealed class UntouchedCheckoutTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_whole_run_leaves_checkout_index_head_stash_hooks_and_configuration_byte_for_byte()
    {
        MakeEverythingThatCouldBeHarmed();
        var before = Fingerprint();

        await using (var workspace = await _repository.OpenAsync("git status; echo left > left.txt; rm -rf src"))
        {
            var first = await CommitAsync(workspace, workspace.Base, 1, "src/a.txt", "run\n");
            var second = await CommitAsync(workspace, first, 2, "src/b.txt", "run\n");
            await workspace.VerifyAsync(new IWorkspace.Verification(second), default);
            await workspace.OverlayAsync(workspace.Base, second, [RepoPath.Parse("src/a.txt")], default);
            await workspace.DiffAsync(workspace.Base, second, default);
            await workspace.FindCommitAsync(new CallId(2), default);
        }

        Assert.Equal(before, Fingerprint());
        Assert.False(File.Exists(Path.Combine(_repository.Folder, "hook-ran")), "No hook may run.");
        Assert.Equal("Change of call 2", _repository.Git("log", "-1", "--format=%s", $"orchestrator/{TemporaryRepository.Run.ToString()[^12..]}"));
        Assert.Equal("", string.Join(' ', Directory.EnumerateFileSystemEntries(Path.Combine(_repository.Root, ".git", "objects"), "tmp_*")));
        _repository.Git("fsck", "--strict");
    }

    [Fact]
    public async Task Including_uncommitted_changes_leaves_checkout_index_head_stash_hooks_and_configuration_byte_for_byte()
    {
        MakeEverythingThatCouldBeHarmed();
        _repository.Git("config", "filter.loud.clean", "cat");
        var before = Fingerprint();

        var scope = await _repository.Provider().IncludeUncommittedAsync(new TaskRequest.RepoScope());

        Assert.Equal(before, Fingerprint());
        Assert.False(File.Exists(Path.Combine(_repository.Folder, "hook-ran")), "No hook may run.");
        Assert.Equal("edited", _repository.Git("show", scope.Revision + ":src/a.txt"));
        Assert.Equal(_repository.Git("rev-parse", "HEAD"), _repository.Git("rev-parse", scope.Revision + "^"));
        Assert.Empty(Directory.EnumerateDirectories(_repository.CheckoutFolder));
        _repository.Git("fsck", "--strict");
    }

    [Fact]
    public async Task A_dirty_checkout_is_said_to_be_left_out_and_a_clean_one_says_nothing()
    {
        _repository.Write("a.txt", "committed\n");
        _repository.Commit();
        await using var clean = await _repository.OpenAsync();
        _repository.Write("a.txt", "uncommitted\n");
        _repository.Write("b.txt", "new\n");

        await using var dirty = await _repository.Provider().OpenAsync(new TaskRequest.RepoScope(), new RunId(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0003")), null, 1, default);

        Assert.Empty(clean.Notes);
        Assert.Contains("uncommitted changes at 2 paths", Assert.Single(dirty.Notes));
        Assert.Equal("committed\n"u8.ToArray(), (await dirty.ReadAsync(dirty.Base, RepoPath.Parse("a.txt"), default))!.Bytes!.Value.ToArray());
    }

    [Fact]
    public async Task Commits_name_run_call_and_worker_and_carry_the_configured_author_and_no_signature()
    {
        _repository.Commit();
        _repository.Git("config", "commit.gpgSign", "true");
        _repository.Git("config", "gpg.program", "/bin/false");
        await using var workspace = await _repository.OpenAsync("", options => options with { Author = "Bot Ünder <bot@example.org>" });

        var next = await CommitAsync(workspace, workspace.Base, 7, "a.txt", "x\n");

        Assert.Equal(
            $"Bot Ünder <bot@example.org>|Bot Ünder <bot@example.org>|{TemporaryRepository.Run}|c7|code_edit",
            _repository.Git("log", "-1", "--format=%an <%ae>|%cn <%ce>|%(trailers:key=Orchestrator-Run,valueonly,separator=)|%(trailers:key=Orchestrator-Call,valueonly,separator=)|%(trailers:key=Orchestrator-Worker,valueonly,separator=)", next.Commit));
    }

    [Fact]
    public async Task A_diff_is_one_that_git_can_apply()
    {
        _repository.Write("windows.txt", "one\r\ntwo\r\n");
        _repository.Write("moved.txt", string.Join('\n', Enumerable.Range(0, 40)));
        _repository.Write("data.bin", [0, 1, 2, 3]);
        _repository.Write("no end ü.txt", "no newline");
        _repository.Commit();
        _repository.Git("config", "diff.noprefix", "true");
        _repository.Git("config", "color.ui", "always");
        _repository.Git("config", "diff.external", "/bin/false");
        await using var workspace = await _repository.OpenAsync();
        var moved = (await workspace.ReadAsync(workspace.Base, RepoPath.Parse("moved.txt"), default))!;
        var next = await workspace.CommitAsync(
            new IWorkspace.Commit(
                workspace.Base,
                [
                    new(RepoPath.Parse("windows.txt"), "one\r\n2\r\n"u8.ToArray()), moved with { Bytes = null }, moved with { Path = RepoPath.Parse("sub/moved.txt"), Mode = "100755" },
                    new(RepoPath.Parse("data.bin"), new byte[] { 3, 0, 1 }), new(RepoPath.Parse("no end ü.txt"), "still none"u8.ToArray()),
                ],
                "Change", new CallId(1), "code_edit"),
            default);

        var patch = Path.Combine(_repository.Folder, "change.patch");
        File.WriteAllText(patch, await workspace.DiffAsync(workspace.Base, next, default));
        _repository.Git("-c", "core.autocrlf=false", "apply", "--index", patch);

        Assert.Equal(next.Tree, _repository.Git("write-tree"));
    }

    private void MakeEverythingThatCouldBeHarmed()
    {
        _repository.Write("src/a.txt", "one\n");
        _repository.Write("src/b.txt", "one\n");
        _repository.Write(".gitattributes", "*.txt filter=loud\n*.cs text eol=crlf\n");
        _repository.Commit();
        _repository.Write("src/a.txt", "stashed\n");
        _repository.Git("stash", "push", "--quiet");
        _repository.Write("src/a.txt", "staged\n");
        _repository.Git("add", "src/a.txt");
        _repository.Write("src/a.txt", "edited\n");
        _repository.Write("untracked.txt", "mine\n");
        var marker = Shell.Quote(Path.Combine(_repository.Folder, "hook-ran"));
        foreach (var hook in (string[])["pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "fsmonitor"])
        {
            var path = Path.Combine(_repository.Root, ".git", "hooks", hook);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"#!/bin/sh\ntouch {marker}\nexit 1\n");
            TemporaryRepository.SetMode(path, 0b111_101_101);
        }

        foreach (var (key, value) in ((string, string)[])[("core.autocrlf", "true"), ("core.fsmonitor", ".git/hooks/fsmonitor"), ("core.untrackedCache", "true"), ("core.splitIndex", "true"), ("gc.auto", "1"),
            ("filter.loud.clean", "false"), ("filter.loud.smudge", "false"), ("filter.loud.required", "true"), ("commit.gpgSign", "true"), ("gpg.program", "/bin/false"), ("i18n.commitEncoding", "latin1")])
        {
            _repository.Git("config", key, value);
        }
    }

    /// <summary>Every file of the checkout and of its git folder but objects and the run's own refs, with bytes, mode and time of writing.</summary>
    private string Fingerprint() => string.Join('\n', Directory
        .EnumerateFiles(_repository.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Where(path => !path.Contains("/.git/objects/", StringComparison.Ordinal) && !path.Contains("orchestrator/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => string.Create(CultureInfo.InvariantCulture, $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))} {new FileInfo(path).UnixFileMode} {File.GetLastWriteTimeUtc(path):O}")));

    private static ValueTask<IWorkspace.Revision> CommitAsync(IWorkspace workspace, IWorkspace.Revision parent, int call, string path, string text) =>
        workspace.CommitAsync(new IWorkspace.Commit(parent, [new(RepoPath.Parse(path), System.Text.Encoding.UTF8.GetBytes(text))], $"Change of call {call}", new CallId(call), "code_edit"), default);
}
