namespace Orchestrator.Git.Tests;

public sealed class DotNetTestTests
{
    [Fact]
    public async Task Dotnet_test_reports_each_test_runs_a_subset_and_shows_compiler_errors()
    {
        using var repository = new TemporaryRepository();
        LayOut(repository);
        await using var workspace = await repository.OpenAsync("dotnet test App.Tests");
        var code = (await workspace.ReadAsync(workspace.Base, RepoPath.Parse("App.Tests/Drafts.cs"), default))!;

        var before = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);
        var fixedTree = await CommitAsync(workspace, workspace.Base, 1, code, "public static class Drafts { public static int Save(string? text) => text?.Length ?? 0; }\n");
        var after = await workspace.VerifyAsync(new IWorkspace.Verification(fixedTree) { Tests = ["App.DraftsTests.Saves_nothing", "App.DraftsTests.Saves(text: \"a\", length: 1)"] }, default);
        var brokenTree = await CommitAsync(workspace, fixedTree, 2, code, "public static class Drafts { public static int Save(string? text) => nonsense; }\n");
        var broken = await workspace.VerifyAsync(new IWorkspace.Verification(brokenTree), default);
        var none = await workspace.VerifyAsync(new IWorkspace.Verification(fixedTree) { Tests = ["App.DraftsTests.Missing"] }, default);

        Assert.True(before.Cases.Count > 0, before.Output);
        Assert.Equal(
            [("App.DraftsTests.Saves(text: \"a\", length: 1)", TestReport.CaseResult.Passed), ("App.DraftsTests.Saves(text: \"ab\", length: 2)", TestReport.CaseResult.Passed), ("App.DraftsTests.Saves_nothing", TestReport.CaseResult.Failed)],
            before.Cases.Select(test => (test.Id, test.Outcome)));
        Assert.Equal((TestReport.Result.Failed, 1), (before.Outcome, before.ExitCode));
        Assert.Contains("NullReferenceException", before.Cases[2].Message);
        Assert.Contains("in App.Tests/Drafts.cs:line 1", before.Cases[2].Message);
        Assert.Equal(TestReport.Result.Passed, after.Outcome);
        Assert.Equal(3, after.Cases.Count);
        Assert.Equal(TestReport.Result.Failed, broken.Outcome);
        Assert.Empty(broken.Cases);
        Assert.Matches(@"App\.Tests/Drafts\.cs\(1,\d+\): error CS0103", broken.Output);
        Assert.Equal(TestReport.Result.Empty, none.Outcome);
    }

    private static ValueTask<IWorkspace.Revision> CommitAsync(IWorkspace workspace, IWorkspace.Revision parent, int call, IWorkspace.File file, string text) =>
        workspace.CommitAsync(new IWorkspace.Commit(parent, [file with { Bytes = System.Text.Encoding.UTF8.GetBytes(text) }], "Change", new CallId(call), "code_edit"), default);

    private static void LayOut(TemporaryRepository repository)
    {
        // The empty build files keep whatever stands above the temporary folder out.
        repository.Write("Directory.Build.props", "<Project />\n");
        repository.Write("Directory.Build.targets", "<Project />\n");
        repository.Write("Directory.Packages.props", "<Project />\n");
        repository.Write(".gitignore", "bin/\nobj/\n");
        repository.Write("App.Tests/App.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
              </ItemGroup>
            </Project>
            """);
        repository.Write("App.Tests/Drafts.cs", "public static class Drafts { public static int Save(string? text) => text!.Length; }\n");
        repository.Write("App.Tests/DraftsTests.cs", """
            using Xunit;

            namespace App;

            public class DraftsTests
            {
                [Theory]
                [InlineData("a", 1)]
                [InlineData("ab", 2)]
                public void Saves(string text, int length) => Assert.Equal(length, Drafts.Save(text));

                [Fact]
                public void Saves_nothing() => Assert.Equal(0, Drafts.Save(null));
            }
            """);
        repository.Commit();
    }
}
