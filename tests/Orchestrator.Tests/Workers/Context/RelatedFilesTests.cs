namespace Orchestrator.Tests.Workers.Context;

public sealed class RelatedFilesTests
{
    private readonly TreeOfFiles _files = new()
    {
        ["src/Store.cs"] = "class Store { Draft draft; }\n",
        ["src/Draft.cs"] = "record Draft;\n",
        ["src/Page.cs"] = "class Page { Store store; }\n",
        ["src/Unrelated.cs"] = "class Unrelated;\n",
        ["src/Far.cs"] = "class Far;\n",
        ["tests/StoreTests.cs"] = "class StoreTests;\n",
        ["docs/store.md"] = "Store\n",
    };

    [Fact]
    public async Task Imports_importers_and_tests_are_found_and_neighbours_alone_are_not()
    {
        var found = await FindAsync("src/Store.cs");

        Assert.Equal(["tests/StoreTests.cs", "src/Draft.cs", "src/Page.cs"], found.Select(file => file.Path));
        Assert.Equal("named like src/Store.cs", found[0].Why);
        Assert.Contains("used by src/Store.cs", found[1].Why, StringComparison.Ordinal);
        Assert.Contains("uses src/Store.cs", found[2].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_changed_together_is_related()
    {
        _files.History["src/Store.cs"] = ["src/Far.cs", "docs/store.md", "gone/Deleted.cs"];

        var found = await FindAsync("src/Store.cs");

        var far = Assert.Single(found, file => file.Path == "src/Far.cs");
        Assert.Contains("has often changed together with src/Store.cs", far.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(found, file => file.Path is "docs/store.md" or "gone/Deleted.cs");
    }

    [Fact]
    public async Task What_is_given_anyway_is_not_given_twice()
    {
        var found = await FindAsync("src/Store.cs", known: ["src/Draft.cs"]);

        Assert.DoesNotContain(found, file => file.Path == "src/Draft.cs");
    }

    [Fact]
    public async Task Files_that_a_log_names_come_first_and_lead_to_others()
    {
        var search = new RelatedFiles(_files, new PathIndex(await _files.ListAsync(default)));

        var found = await search.FindAsync([], ["src/Store.cs"], new HashSet<string>(), 10, default);

        Assert.Equal(["src/Store.cs", "tests/StoreTests.cs", "src/Draft.cs", "src/Page.cs"], found.Select(file => file.Path));
    }

    [Fact]
    public async Task The_same_tree_gives_the_same_files_under_any_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        _files["src/Index.cs"] = "class Index;\n";
        _files["tests/INDEXTests.cs"] = "class IndexTests;\n";
        var expected = await FindAsync("src/Index.cs");
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("tr-TR");

            Assert.Equal(expected, await FindAsync("src/Index.cs"));
            Assert.Contains(expected, file => file.Path == "tests/INDEXTests.cs");
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task In_a_large_tree_only_a_few_files_are_looked_into()
    {
        for (var number = 0; number < 3_000; number++)
        {
            _files[$"src/part{number % 50}/Type{number}.cs"] = "class X { Store store; }\n";
        }

        var found = await FindAsync("src/Store.cs");

        Assert.Equal(10, found.Count);
        Assert.InRange(_files.Reads.Count, 1, 30);
    }

    [Theory]
    [InlineData("src/Store.cs", "store")]
    [InlineData("tests/StoreTests.cs", "store")]
    [InlineData("tests/test_store.py", "store")]
    [InlineData("store_test.go", "store")]
    [InlineData("store.test.tsx", "store")]
    [InlineData("store_spec.rb", "store")]
    [InlineData("Tests.cs", "tests")]
    public void A_test_is_about_what_it_tests(string path, string subject) => Assert.Equal(subject, RelatedFiles.SubjectOf(path));

    private async Task<IReadOnlyList<RelatedFiles.Found>> FindAsync(string path, params string[] known)
    {
        var text = (await _files.ReadAsync(RepoPath.Parse(path, null), default))!.Text;
        _files.Reads.Clear();
        return await new RelatedFiles(_files, new PathIndex(await _files.ListAsync(default))).FindAsync([new(path, text)], [], known.ToHashSet(), 10, default);
    }
}
