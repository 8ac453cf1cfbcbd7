namespace Orchestrator.Git.Tests;

public sealed class OwnershipTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public OwnershipTests()
    {
        _repository.Write("a.txt", "base\n");
        _repository.Commit();
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task After_an_owner_was_killed_in_the_middle_of_a_verification_the_next_one_ends_its_processes_and_deletes_its_checkout()
    {
        var ids = Path.Combine(_repository.Folder, "ids");
        using var owner = OwnerProgram.Start(_repository, $"trap '' TERM; (setsid sleep 1000 >/dev/null 2>&1 & echo $! >> {Shell.Quote(ids)}); echo $$ >> {Shell.Quote(ids)}; while :; do sleep 1; done");
        await Shell.UntilAsync(() => Shell.ReadIds(ids).Count == 2, "the owner's command runs");
        owner.Kill();
        await owner.WaitForExitAsync();
        var left = Assert.Single(Directory.EnumerateDirectories(_repository.CheckoutFolder));
        Assert.All(Shell.ReadIds(ids), id => Assert.True(Shell.IsAlive(id)));

        await using var next = await _repository.Provider("cat a.txt").OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, null, 2, default);

        Assert.False(Directory.Exists(left));
        Assert.All(Shell.ReadIds(ids), id => Assert.False(Shell.IsAlive(id)));
        var found = await next.FindCommitAsync(new CallId(1), default);
        Assert.Equal("owner\n", (await next.VerifyAsync(new IWorkspace.Verification(found!), default)).Output);
        Assert.Equal("", _repository.Git("status", "--short"));
        Assert.Single(_repository.Git("worktree", "list").Split('\n'));
    }

    [Fact]
    public async Task A_living_owners_checkout_is_left_alone_by_others()
    {
        await using var first = await _repository.OpenAsync("cat a.txt");
        await first.VerifyAsync(new IWorkspace.Verification(first.Base), default);

        await using var second = await _repository.Provider("cat a.txt").OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, first.Base, 2, default);
        await second.VerifyAsync(new IWorkspace.Verification(second.Base), default);

        Assert.Equal("base\n", (await first.VerifyAsync(new IWorkspace.Verification(first.Base), default)).Output);
        Assert.Equal(2, Directory.EnumerateDirectories(_repository.CheckoutFolder).Count());
    }

    [Fact]
    public async Task Disposing_leaves_nothing_behind_but_commits()
    {
        string branch;
        await using (var workspace = await _repository.OpenAsync("mkdir -p deep/er; chmod 555 deep; true"))
        {
            branch = workspace.Branch;
            await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        }

        Assert.Equal([".orchestrator-owned"], Directory.EnumerateFileSystemEntries(_repository.CheckoutFolder).Select(Path.GetFileName));
        Assert.Equal(_repository.Git("rev-parse", "HEAD"), _repository.Git("rev-parse", branch));
    }

    [Fact]
    public async Task A_cancelled_verification_leaves_the_workspace_usable()
    {
        var ids = Path.Combine(_repository.Folder, "ids");
        await using var workspace = await _repository.OpenAsync($"echo $$ >> {Shell.Quote(ids)}; grep -q base a.txt && sleep 1000; true");
        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "new\n"u8.ToArray())], "A", new CallId(1), "code_edit"), default);
        using var cancelled = new CancellationTokenSource();
        var run = workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), cancelled.Token).AsTask();
        await Shell.UntilAsync(() => Shell.ReadIds(ids).Count == 1, "the command runs");

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Shell.IsAlive(Shell.ReadIds(ids)[0]));
        Assert.Equal(TestReport.Result.Passed, (await workspace.VerifyAsync(new IWorkspace.Verification(next), default)).Outcome);
    }

    [Fact]
    public async Task A_time_limit_ends_the_verification_with_a_report()
    {
        await using var workspace = await _repository.OpenAsync("echo begun; sleep 1000");

        var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base) { TimeLimit = TimeSpan.FromSeconds(1) }, default);

        Assert.Equal((TestReport.Result.TimedOut, (int?)null), (report.Outcome, report.ExitCode));
        Assert.Contains("begun", report.Output);
        Assert.Contains("time limit", report.Output);
    }

    [Fact]
    public async Task Owners_racing_for_one_run_in_processes_of_their_own_end_with_one_that_can_commit()
    {
        var providers = Enumerable.Range(1, 4).Select(epoch => (Epoch: epoch, Provider: _repository.Provider())).ToList();

        var opened = await Task.WhenAll(providers.Select(async owner =>
        {
            try
            {
                return await owner.Provider.OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, null, owner.Epoch, default);
            }
            catch (RunOwnedException)
            {
                return null;
            }
        }));
        var committed = new List<int>();
        for (var i = 0; i < opened.Length; i++)
        {
            if (opened[i] is { } workspace)
            {
                try
                {
                    await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), new[] { (byte)i })], "A", new CallId(i + 1), "code_edit"), default);
                    committed.Add(i + 1);
                }
                catch (RunOwnedException)
                {
                    // Fenced off.
                }

                await workspace.DisposeAsync();
            }
        }

        Assert.Equal([4], committed);
    }
}
