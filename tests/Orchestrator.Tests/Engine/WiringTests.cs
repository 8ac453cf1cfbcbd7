using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

public sealed class WiringTests
{
    private static readonly string[] Mistakes =
    [
        "Two workflows are named 'twice'", "Two models are named 'm'", "Two policies have the id 'p'", "Two workers carry out work/1",
        "'verify' is carried out by the engine", "uses the model 'absent'", "'m' has no price", "the worker 'agent' reaches a model by itself and says no maximum", "MaxSteps is not above zero", "MaxParallelCalls is not above zero",
    ];

    [Fact]
    public void Every_mistake_in_the_wiring_is_listed_at_once_at_the_first_resolution()
    {
        var services = Wrong();

        var failure = Assert.Throws<OrchestratorException>(() => services.BuildServiceProvider().GetRequiredService<IOrchestrator>());

        Assert.All(
            Mistakes,
            problem => Assert.Contains(problem, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_in_the_wiring_shows_when_the_host_starts()
    {
        using var provider = Wrong().BuildServiceProvider();

        await Assert.ThrowsAsync<OrchestratorException>(() => provider.GetServices<IHostedService>().First().StartAsync(default));
    }

    [Fact]
    public void An_orchestrator_without_a_workflow_says_so()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator();

        var failure = Assert.Throws<OrchestratorException>(() => services.BuildServiceProvider().GetRequiredService<IOrchestrator>());

        Assert.Contains("AddWorkflow", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_orchestrators_live_side_by_side_under_their_names()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator("a", options => options.MaxSteps = 3).AddWorkflow("test", _ => new Decision.Finish("From a."));
        services.AddOrchestrator("b", options => options.MaxSteps = 4).AddWorkflow("test", _ => new Decision.Finish("From b."));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        foreach (var (name, steps) in new[] { ("a", 3), ("b", 4) })
        {
            var orchestrator = provider.GetRequiredKeyedService<IOrchestrator>(name);
            var result = await orchestrator.RunAsync(new TaskRequest("Which one?")).Soon();

            Assert.Equal($"From {name}.", result.Summary);
            Assert.Equal(steps, (await orchestrator.ReadAsync(result.Run)).State.Limits.Steps);
        }

        Assert.Null(provider.GetService<IOrchestrator>());
    }

    [Fact]
    public async Task Adding_the_same_orchestrator_again_adds_to_it()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator().AddWorkflow("first", _ => new Decision.Finish("First."));
        services.AddOrchestrator(options => options.MaxSteps = 9).AddWorkflow("second", _ => new Decision.Finish("Second."));
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var first = await orchestrator.RunAsync(new TaskRequest("Go") { Workflow = "first" }).Soon();
        var second = await orchestrator.RunAsync(new TaskRequest("Go") { Workflow = "second" }).Soon();

        Assert.Equal(("First.", "Second."), (first.Summary, second.Summary));
        Assert.Equal(9, (await orchestrator.ReadAsync(first.Run)).State.Limits.Steps);
    }

    private static ServiceCollection Wrong()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator(options =>
            {
                options.MaxSteps = 0;
                options.MaxParallelCalls = -1;
                options.MaxCost = 5;
            })
            .AddWorkflow("twice", _ => new Decision.Finish(""))
            .AddWorkflow("twice", _ => new Decision.Finish(""))
            .AddModel("m", _ => new ScriptedChatClient())
            .AddModel("m", _ => new ScriptedChatClient(), new ModelOptions.TokenPrice(1, 1))
            .AddPolicy("p", (_, _) => Verdict.Allowed)
            .AddPolicy("p", (_, _) => Verdict.Allowed)
            .AddStub("work")
            .AddStub("work")
            .AddStub("verify")
            .AddStub("agent", (_, _) => Task.FromResult(Hosts.Reply()), worker => worker.WithOwnModel())
            .AddCodingWorkers("absent");
        return services;
    }
}
