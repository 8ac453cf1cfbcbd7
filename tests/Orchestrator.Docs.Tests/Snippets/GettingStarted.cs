// <snippet:getting-started-register>
using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator;

// </snippet>
namespace Shop;

internal static class GettingStarted
{
    public static ServiceProvider Register(string key)
    {
        // <snippet:getting-started-register>
        var services = new ServiceCollection();
        services.AddOrchestrator(options => options.MaxCost = 2m)
            .AddModel("coder", _ => new AnthropicClient { ApiKey = key, MaxRetries = 0 }.AsIChatClient("claude-opus-4-6"), price: new(5m, 25m))
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddCodingWorkers(model: "coder")
            .AddPolicy(Policies.OnlyTouch("src/**", "tests/**"))
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"))
            .AddSecret(_ => key)
            .UseGit(git => git.AddRepository("shop", "../shop", test: "dotnet test"))
            .UseSqliteJournal("runs.db");
        // </snippet>
        return services.BuildServiceProvider();
    }

    public static async Task<RunResult> RunAsync(ServiceProvider provider)
    {
        // <snippet:getting-started-run>
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var run = await orchestrator.StartAsync(new TaskRequest("Fix the crash when saving drafts")
        {
            Id = "SHOP-417",
            Scope = new() { Paths = ["src/Drafts/**", "tests/**"] },
            Attachments = [new TaskRequest.Attachment("crash.log", await File.ReadAllTextAsync("crash.log"))],
            Budget = new Budget { RunTime = TimeSpan.FromMinutes(20) },
        });

        var watching = WatchAsync(orchestrator, run);
        var result = await orchestrator.ResumeAsync(run);
        await watching;
        // </snippet>
        return result;
    }

    // <snippet:getting-started-watch>
    private static async Task WatchAsync(IOrchestrator orchestrator, RunId run)
    {
        await foreach (var recorded in orchestrator.WatchAsync(run))
        {
            if (recorded.Event is RunEvent.CallEnded { Call: var call, Result: var result })
            {
                Console.WriteLine($"{recorded.At:HH:mm:ss} {call} {(result.Succeeded ? "done" : result.Error?.Message ?? "not green")}");
            }
        }
    }

    // </snippet>
    public static async Task ReadAsync(IOrchestrator orchestrator, RunResult result)
    {
        // <snippet:getting-started-read>
        Console.WriteLine($"{result.Status}: {result.Summary}");
        Console.WriteLine($"Tests green before: {result.TestsBefore?.Green}, after: {result.TestsAfter?.Green}");
        Console.WriteLine($"{result.Branch} at {result.Commit}, {result.Usage.Total} tokens, {result.Cost:0.00} spent");
        Console.WriteLine(result.Diff);

        var record = await orchestrator.ReadAsync(result.Run);
        await File.WriteAllTextAsync("transcript.md", record.ToMarkdown());
        await File.WriteAllTextAsync("events.jsonl", record.ToJsonLines());
        // </snippet>
    }
}
