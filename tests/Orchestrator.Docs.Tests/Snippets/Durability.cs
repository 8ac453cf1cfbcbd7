using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Docs.Tests.Examples;

internal static class Durability
{
    public static IHost Build(string file, string[] args)
    {
        // <snippet:durability-background>
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddOrchestrator()
            .AddWorkflow("nightly", new NightlyDecider(), version: "2")
            .UseSqliteJournal(file)
            .RunInBackground(maxRuns: 4);
        // </snippet>
        return builder.Build();
    }

    public static async Task TakeUpAsync(IOrchestrator orchestrator, CancellationToken stopping)
    {
        // <snippet:durability-resume>
        await foreach (var left in orchestrator.ListAsync(new RunSummary.Query { Statuses = [RunStatus.Running] }, stopping))
        {
            try
            {
                var result = await orchestrator.ResumeAsync(left.Run, stopping);
                Console.WriteLine($"{left.Goal}: {result.Status}");
            }
            catch (RunOwnedException e)
            {
                Console.WriteLine(e.Message);
            }
        }
        // </snippet>
    }

    public static async Task SpeakUpAsync(IOrchestrator orchestrator, RunId run)
    {
        // <snippet:durability-mailbox>
        var record = await orchestrator.ReadAsync(run);
        foreach (var asking in record.State.OpenCalls.Where(call => call.Status == CallState.Phase.AwaitingAnswer))
        {
            Console.WriteLine($"{asking.Id}: {asking.Question!.Text}");
            await orchestrator.AnswerAsync(run, asking.Id, "yes", by: "user");
        }

        await orchestrator.RaiseBudgetAsync(run, new Budget { Tokens = 2_000_000 });
        // </snippet>
    }

    internal sealed class NightlyDecider : IDecider
    {
        public ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Decision>(new Decision.Finish("Nothing to do tonight."));
    }
}
