namespace Orchestrator.Git.Tests;

/// <summary>Which files change together, by the history that a repository has.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_users_history_tells_what_changes_together_whatever_the_files_are_called()
    {
        Start();
        Change("src/größe 1.cs", "src/\ttab.cs", "docs/a.md");
        Change("src/größe 1.cs", "src/\ttab.cs", "docs/a.md");
        Change("src/größe 1.cs", "src/\ttab.cs");
        Change("src/größe 1.cs", "src/once.cs");
        await using var workspace = await _repository.OpenAsync();

        Assert.Equal(["src/\ttab.cs", "docs/a.md"], await TogetherAsync(workspace, "src/größe 1.cs"));
        Assert.Equal([], await TogetherAsync(workspace, "src/once.cs"));
        Assert.Equal([], await TogetherAsync(workspace, "src/größe 1.cs", commits: 2));
    }

    [Fact]
    public async Task Merges_the_first_commit_and_sweeping_changes_say_nothing()
    {
        Start("a.cs", "b.cs");
        string[] many = ["a.cs", "b.cs", .. Enumerable.Range(0, 80).Select(number => $"f{number}.cs")];
        Change(many);
        Change(many);
        Change("a.cs", "b.cs");
        _repository.Git("switch", "--quiet", "--create", "side");
        Change("c.cs");
        _repository.Git("switch", "--quiet", "main");
        _repository.Git("merge", "--quiet", "--no-ff", "--message", "Merge", "side");
        await using var workspace = await _repository.OpenAsync();

        Assert.Equal([], await TogetherAsync(workspace, "a.cs"));
        Change("a.cs", "b.cs");
        await using var later = await _repository.Provider().OpenAsync(new TaskRequest.RepoScope(), new RunId(Guid.Parse("0198a0de-0000-7000-8000-5a17ab1e0002")), null, 1, default);
        Assert.Equal(["b.cs"], await TogetherAsync(later, "a.cs"));
    }

    [Fact]
    public async Task A_shallow_clone_knows_what_it_was_given()
    {
        Start("a.cs", "b.cs");
        for (var round = 0; round < 4; round++)
        {
            Change("a.cs", "b.cs");
        }

        foreach (var (depth, expected) in ((int, string[])[])[(1, []), (2, []), (3, ["b.cs"])])
        {
            var clone = Path.Combine(_repository.Folder, $"shallow{depth}");
            TemporaryRepository.GitAt(_repository.Folder, "clone", "--quiet", $"--depth={depth}", "file://" + _repository.Root, clone);
            await using var workspace = await _repository.Provider(configure: options => options with { Path = clone }).OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, null, 1, default);

            Assert.Equal(expected, await TogetherAsync(workspace, "a.cs"));
        }
    }

    [Fact]
    public async Task The_configured_test_command_is_known()
    {
        Start("a.cs");
        await using var workspace = await _repository.OpenAsync("dotnet test --nologo");

        Assert.Equal("dotnet test --nologo", workspace.TestCommand);
    }

    private void Start(params string[] files)
    {
        _repository.Write("start.txt", "start\n");
        Change(files);
    }

    private void Change(params string[] files)
    {
        foreach (var file in files)
        {
            _repository.Write(file, Guid.NewGuid().ToString());
        }

        _repository.Commit("Change");
    }

    private static async Task<IEnumerable<string>> TogetherAsync(IWorkspace workspace, string path, int commits = 100) =>
        (await workspace.CoChangedAsync(workspace.Base, RepoPath.Parse(path, null), commits, default)).Select(each => each.Value);
}
