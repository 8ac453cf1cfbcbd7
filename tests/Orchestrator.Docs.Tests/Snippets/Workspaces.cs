namespace Orchestrator.Docs.Tests.Examples;

internal static class Workspaces
{
    public static void Register(OrchestratorBuilder builder)
    {
        // <snippet:workspaces-register>
        builder.UseGit(git => git
            .AddRepository("shop", "../shop", test: "dotnet test")
            .AddRepository("web", new GitRepositoryOptions("../web")
            {
                Test = "npm test",
                LinkedPaths = ["node_modules"],
                Reports = ["reports/**/*.xml"],
                TimeLimit = TimeSpan.FromMinutes(5),
                Environment = ["CI", "PLAYWRIGHT_*"],
                Author = "Shop Bot <shop-bot@example.org>",
            }));
        // </snippet>
    }
}
