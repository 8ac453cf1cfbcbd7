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

    public static async Task<TaskRequest> IncludeAsync(OrchestratorBuilder builder, TaskRequest task, string checkout)
    {
        // <snippet:workspaces-uncommitted>
        var git = new GitWorkspaceProvider(new GitOptions().AddRepository("shop", checkout, test: "dotnet test"), TimeProvider.System);
        builder.UseWorkspace(_ => git);
        task = task with { Scope = await git.IncludeUncommittedAsync(task.Scope) };
        // </snippet>
        return task;
    }
}
