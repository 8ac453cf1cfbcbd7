using System.Text.Json;

namespace Orchestrator.Tests.Workers.Context;

public sealed class SeenCheckTests
{
    private static readonly SeenFile Half = new("src/größe.cs", string.Concat(Enumerable.Range(1, 100).Select(line => $"line {line}\n")), [new(1, 40)]);

    [Theory]
    [InlineData("--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -10,3 +10,3 @@\n line 10\n-line 11\n+other\n line 12\n", "")]
    [InlineData("--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -60,3 +60,3 @@\n line 60\n-line 61\n+other\n line 62\n", "lands at line 60")]
    [InlineData("--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -39,3 +39,3 @@\n line 39\n-line 40\n+other\n line 41\n", "lands at line 39")]
    [InlineData("--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -10,1 +10,1 @@\n-line 10\n+x\n--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -20,1 +20,1 @@\n-line 20\n+y\n@@ -80,1 +80,1 @@\n-line 80\n+z\n", "lands at line 80")]
    [InlineData("*** Begin Patch\n*** Add File: src/größe.cs\n+class X;\n*** End Patch\n", "as a whole")]
    [InlineData("--- a/src/other.cs\n+++ b/src/other.cs\n@@ -60,1 +60,1 @@\n-line 60\n+x\n", "")]
    [InlineData("--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -10,1 +10,1 @@\n-no such line\n+x\n", "")]
    [InlineData("no patch at all", "")]
    public void Only_lines_that_were_given_may_be_changed(string patch, string problem)
    {
        var problems = SeenCheck.FindProblems(JsonSerializer.SerializeToElement(new { patch }), [Half], []);

        Assert.Equal(problem.Length == 0 ? 0 : 1, problems.Count);
        Assert.All(problems, each => Assert.Contains(problem, each.Message, StringComparison.Ordinal));
        Assert.All(problems, each => Assert.Contains("you were given lines 1-40 of 100", each.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_that_were_looked_up_count_as_given()
    {
        var patch = "--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -60,3 +60,3 @@\n line 60\n-line 61\n+other\n line 62\n";

        Assert.Empty(SeenCheck.FindProblems(JsonSerializer.SerializeToElement(new { patch }), [Half], [("src/größe.cs", new(50, 70))]));
    }

    [Fact]
    public void Damaged_patches_throw_nothing()
    {
        var random = new Random(9);
        const string Good = "--- a/src/größe.cs\n+++ b/src/größe.cs\n@@ -10,3 +10,3 @@\n line 10\n-line 11\n+other\n line 12\n@@ -60,2 +60,2 @@\n-line 60\n+x\n line 61\n";
        for (var round = 0; round < 500; round++)
        {
            var lines = Good.Split('\n').Where(_ => random.Next(6) > 0).SelectMany(line => random.Next(8) == 0 ? new[] { line, line } : [line]);

            SeenCheck.FindProblems(JsonSerializer.SerializeToElement(new { patch = string.Join('\n', lines) }), [Half], []);
        }
    }
}
