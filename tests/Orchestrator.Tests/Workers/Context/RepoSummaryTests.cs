using System.Globalization;

namespace Orchestrator.Tests.Workers.Context;

public sealed class RepoSummaryTests
{
    [Fact]
    public async Task It_says_size_languages_commands_purpose_and_layout()
    {
        var files = new TreeOfFiles
        {
            ["README.md"] = "# Drafts\n\n![badge](x)\n\nKeeps drafts until\nthey are sent.\n\nMore.\n",
            ["Drafts.sln"] = "",
            ["src/Drafts/Drafts.csproj"] = "<Project/>",
            ["src/Drafts/Store.cs"] = "class Store;",
            ["web/package.json"] = """{"scripts":{"test":"vitest","lint":"eslint ."}}""",
            ["web/yarn.lock"] = "",
            ["Makefile"] = "VAR := 1\nall: build\ncheck:\n\ttrue\n",
        };

        var summary = await RepoSummary.OfAsync(files, default);

        Assert.Equal(
            """
            Size: 7 files in 2 folders
            Languages, by files: C# 14%, JSON 14%, Markdown 14%
            Build: dotnet build Drafts.sln (found by Drafts.sln)
            Test: dotnet test Drafts.sln (found by Drafts.sln)
            Test: cd web && yarn test (found by web/package.json)
            'lint': cd web && yarn run lint (found by web/package.json)
            Build: make all (found by Makefile)
            Test: make check (found by Makefile)
            About (README.md): Keeps drafts until they are sent.
            Layout:
            (root) Drafts.sln, Makefile, README.md
            src/Drafts/ Drafts.csproj, Store.cs
            web/ package.json, yarn.lock
            """,
            summary.Text);
        Assert.Equal(["Makefile", "README.md", "web/package.json"], summary.Reads.Select(read => read.Path.Value).Order());
    }

    [Theory]
    [InlineData("go.mod", "module x", "go test ./...")]
    [InlineData("Cargo.toml", "", "cargo test")]
    [InlineData("pom.xml", "", "mvn test")]
    [InlineData("tests/test_a.py", "import unittest", "python3 -m unittest discover -s tests")]
    [InlineData("tests/test_b.py", "import pytest", "python3 -m pytest")]
    [InlineData("My App.csproj", "", "dotnet test 'My App.csproj'")]
    [InlineData("package.json", "{\"scripts\":{\"test\":\"jest\"}}", "npm test")]
    public async Task Every_kind_of_project_says_how_it_is_tested(string path, string text, string command)
    {
        var summary = await RepoSummary.OfAsync(new TreeOfFiles { [path] = text }, default);

        Assert.Contains($"Test: {command} (found by {path})", summary.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_that_are_broken_say_nothing()
    {
        var summary = await RepoSummary.OfAsync(new TreeOfFiles { ["package.json"] = "{ oops", ["Makefile"] = "\0\0" }, default);

        Assert.StartsWith("Size: 2 files in 0 folders", summary.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("npm", summary.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50_000, 40, 3)]
    [InlineData(50_000, 20_000, 2)]
    [InlineData(500, 500, 30)]
    public async Task However_large_the_tree_it_stays_bounded_and_says_where_most_of_it_lies(int count, int folders, int depth)
    {
        var files = new ManyFiles([.. Enumerable.Range(0, count).Select(number =>
            RepoPath.Parse($"größe{number % folders:D5}/{string.Join('/', Enumerable.Range(0, depth).Select(level => $"part{(number / folders) % (level + 2)}"))}/Ärger{number}.cs", null)).Append(RepoPath.Parse("README.txt", null)).Order()]);

        var summary = await RepoSummary.OfAsync(files, default);

        Assert.InRange(TokenEstimate.Of(summary.Text), 50, RepoSummary.MostTokens);
        Assert.Contains($"Size: {(count + 1).ToString("N0", CultureInfo.InvariantCulture)} files", summary.Text, StringComparison.Ordinal);
        Assert.Contains("größe00000/", summary.Text, StringComparison.Ordinal);
        Assert.Contains("more folders", summary.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_culture_changes_it()
    {
        var files = new ManyFiles([.. Enumerable.Range(0, 2_000).Select(number => RepoPath.Parse($"INDEX/i{number}.PY", null)).Order()]);
        var before = CultureInfo.CurrentCulture;
        var expected = await RepoSummary.OfAsync(files, default);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");

            Assert.Equal(expected.Text, (await RepoSummary.OfAsync(files, default)).Text);
            Assert.Contains("Python 100%", expected.Text, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_kept_summary_is_not_made_again_and_old_ones_go()
    {
        var cache = new RepoSummaryCache();
        var files = new TreeOfFiles { ["go.mod"] = "module x", ["README.md"] = "About it.\n" };

        var first = await cache.GetAsync("tree", files, default);
        var reads = files.Reads.Count;
        var second = await cache.GetAsync("tree", files, default);
        for (var other = 0; other < 40; other++)
        {
            await cache.GetAsync($"other {other}", files, default);
        }

        Assert.Same(first, second);
        Assert.Equal(1, reads);
        await cache.GetAsync("tree", files, default);
        Assert.Equal(42, cache.Made);
    }

    private sealed class ManyFiles(IReadOnlyList<RepoPath> paths) : IFileReader
    {
        public IWorkspace.Revision? Revision { get; } = new("commit", "tree", "change");

        public ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken) => ValueTask.FromResult<SourceFile?>(new SourceFile(path, "text\n", "hash", "commit"));

        public ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(paths);

        public ValueTask<string> DiffAsync(CancellationToken cancellationToken) => ValueTask.FromResult("");
    }
}
