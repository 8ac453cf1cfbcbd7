namespace Orchestrator.Cli.Tests;

public sealed class TestFinderTests : IDisposable
{
    private readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("dotnet test src/App.sln", "", "src/App.sln=", "src/tests/A.Tests.csproj=")]
    [InlineData("dotnet test App.slnx", "", "App.slnx=", "deep/Other.sln=")]
    [InlineData("dotnet test tests/A.Tests/A.Tests.csproj", "", "src/A/A.csproj=", "tests/A.Tests/A.Tests.csproj=")]
    [InlineData("dotnet test 'My App.sln'", "", "My App.sln=")]
    [InlineData("npm test", "npm ci", """package.json={"scripts":{"test":"node --test"}}""", "package-lock.json={}")]
    [InlineData("npm test", "", """package.json={"scripts":{"test":"node --test"}}""")]
    [InlineData("npm test", "npm install", """package.json={"scripts":{"test":"vitest"},"devDependencies":{"vitest":"1"}}""")]
    [InlineData("pnpm test", "pnpm install --frozen-lockfile", """package.json={"scripts":{"test":"vitest"}}""", "pnpm-lock.yaml=")]
    [InlineData("python3 -m pytest", "", "tests/test_a.py=import pytest")]
    [InlineData("python3 -m pytest", "", "tests/test_a.py=", "tests/conftest.py=")]
    [InlineData("python3 -m unittest discover -s tests", "", "tests/test_a.py=import unittest")]
    [InlineData("python3 -m unittest discover", "", "test_a.py=import unittest")]
    [InlineData("go test ./...", "", "go.mod=module x")]
    [InlineData("cargo test", "", "Cargo.toml=")]
    [InlineData("make test", "", "Makefile=all:\n\ntest:\n\ttrue\n")]
    public async Task The_command_is_found_by_looking(string test, string setUp, params string[] files)
    {
        var found = await FindAsync(files);

        Assert.Equal((test, setUp), (found[0].Test, found[0].SetUp));
    }

    [Theory]
    [InlineData("""package.json={"scripts":{"test":"echo \"Error: no test specified\" && exit 1"}}""")]
    [InlineData("package.json={")]
    [InlineData("Makefile=all:\n")]
    [InlineData("src/tool.py=")]
    public async Task Nothing_is_made_up(string file) => Assert.Empty(await FindAsync(file));

    [Fact]
    public async Task Several_ways_are_all_told_and_what_is_found_is_shown_before_it_runs()
    {
        _repository.Write("Makefile", "test:\n\tgrep -q fixed app.txt\n").Write("Cargo.lock", "").Commit();

        var ended = await _repository.Cli.RunAsync("run", "--repo", "repo", "--goal", "Fix the broken line");

        Assert.True(ended.ExitCode == 0, ended.Out + ended.Error);
        Assert.Contains("Tests:      make test\nNote:       The test command was found by looking at the target 'test' in Makefile.", ended.Out, StringComparison.Ordinal);
        Assert.True(ended.Out.IndexOf("Tests:      make test", StringComparison.Ordinal) < ended.Out.IndexOf("verify", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<TestFinder.Found>> FindAsync(params string[] files)
    {
        foreach (var file in files)
        {
            var parts = file.Split('=', 2);
            _repository.Write(parts[0], parts[1]);
        }

        _repository.Commit();
        return await new TestFinder(new Git(_repository.Root), "HEAD").FindAsync(CancellationToken.None);
    }
}
