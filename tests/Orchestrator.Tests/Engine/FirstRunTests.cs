using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tests.Engine;

public sealed class FirstRunTests
{
    private sealed record Greeting(string Name);

    private sealed record Greeted(string Text);

    [Fact]
    public async Task A_run_calls_a_worker_and_finishes_with_its_record()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddWorkflow("hello", state => state.Calls.Count == 0
                ? Decision.Call("greet", new Greeting("World"))
                : new Decision.Finish("Greeted."))
            .AddWorker<Greeting, Greeted>("greet", (greeting, _) => Task.FromResult(new Greeted($"Hello, {greeting.Name}!")));
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Greet World")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal("Greeted.", result.Summary);
        var record = await orchestrator.ReadAsync(result.Run);
        Assert.Equal("Hello, World!", record.Read(Assert.Single(result.Calls).Result!.Output).GetProperty("text").GetString());
        Assert.Contains("call `greet`", record.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(record.Events.Count, record.ToJsonLines().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line)).Count());
    }
}
