namespace Orchestrator.Docs.Tests;

/// <summary>Code on a page is code that compiles. Run with ORCHESTRATOR_UPDATE_DOCS=1 to write the code as it is now into the pages.</summary>
public sealed class SnippetTests
{
    /// <summary>Pages whose code is not taken from here yet.</summary>
    private static readonly string[] WithoutSnippets = ["docs/models.md", "docs/cli.md"];

    [Fact]
    public void Every_block_of_csharp_is_compiled_code()
    {
        foreach (var page in Pages.All.Where(_ => Environment.GetEnvironmentVariable("ORCHESTRATOR_UPDATE_DOCS") == "1"))
        {
            Update(page);
        }

        var problems = Pages.All.SelectMany(Pages.Blocks).Select(Problem).OfType<string>().ToList();

        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\nIf the code is right, run the tests with ORCHESTRATOR_UPDATE_DOCS=1.");
    }

    [Fact]
    public void Every_snippet_is_shown_somewhere()
    {
        var shown = Pages.All.SelectMany(Pages.Blocks).Select(block => block.Name).ToHashSet();

        Assert.Subset(shown, Snippets.Names.ToHashSet());
    }

    private static string? Problem(Pages.Block block)
    {
        if (block.Name.Length == 0)
        {
            return block.Language is "csharp" or "cs" or "c#" && !WithoutSnippets.Contains(Pages.Relative(block.Page))
                ? $"{block}: no '<!-- snippet: name -->' stands above the block."
                : null;
        }

        return Snippets.Find(block.Name) is not { } code ? $"{block}: there is no such snippet."
            : block.Code.Value != code ? $"{block}: the page shows\n{block.Code.Value}\nand the code is\n{code}"
            : null;
    }

    private static void Update(string page)
    {
        var text = File.ReadAllText(page);
        foreach (var block in Pages.Blocks(page).Reverse())
        {
            if (block.Name.Length > 0 && Snippets.Find(block.Name) is { } code)
            {
                text = text.Remove(block.Code.Index, block.Code.Length).Insert(block.Code.Index, code);
            }
        }

        File.WriteAllText(page, text);
    }
}
