using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Benchmarks;

/// <summary>One step is a decision, an intent and an outcome: the whole loop of the engine around a worker that does nothing.</summary>
internal static class EngineSteps
{
    private static readonly JsonElement Input = JsonElement.Parse("""{"goal":"step"}""");

    public static async Task<object> RunAsync(int steps, Func<TimeProvider, IRunJournal> journal, bool readBack = false)
    {
        var services = new ServiceCollection();
        services.AddOrchestrator(options =>
            {
                options.MaxSteps = int.MaxValue;
                options.MaxRunTime = TimeSpan.FromDays(1);
            })
            .AddWorkflow("steps", state => state.Calls.Count < steps ? Decision.Call("nothing", Input) : new Decision.Finish("Done."))
            .AddWorker("nothing", new Nothing())
            .UseJournal(services => journal(services.GetRequiredService<TimeProvider>()));
        var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var run = await orchestrator.StartAsync(new TaskRequest("Measure"));
        var result = await orchestrator.ResumeAsync(run);
        if (readBack)
        {
            var record = await orchestrator.ReadAsync(run);
            if (record.State.Calls.Count != steps)
            {
                throw new InvalidOperationException("What was read back is not what was written.");
            }
        }

        return result.Status == RunStatus.Succeeded && result.Calls.Count == steps
            ? provider
            : throw new InvalidOperationException($"The run ended as {result.Status}: {result.Summary}");
    }

    private sealed class Nothing : IWorker
    {
        private static readonly Task<JsonElement> Reply = Task.FromResult(JsonElement.Parse("""{"status":"success"}"""));

        public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken) => Reply;
    }
}
