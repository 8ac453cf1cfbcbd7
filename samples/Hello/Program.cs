using Microsoft.Extensions.DependencyInjection;
using Orchestrator;

var services = new ServiceCollection();
services.AddOrchestrator()
    .AddWorkflow("release-notes", state => state.Calls.Count switch
    {
        0 => new Decision.CallWorker([WorkerCall.To("summarise", new Notes("Drafts are saved")), WorkerCall.To("summarise", new Notes("Titles may be empty"))]),
        _ when state.OpenCalls.Count > 0 => new Decision.Continue(Decision.WakeOn.Idle),
        _ => new Decision.Finish("Both notes are written."),
    })
    .AddWorker<Notes, Summary>("summarise", (notes, _) => Task.FromResult(new Summary($"* {notes.Text}.")));

await using var provider = services.BuildServiceProvider();
var orchestrator = provider.GetRequiredService<IOrchestrator>();
var result = await orchestrator.RunAsync(new TaskRequest("Write the release notes"));

Console.WriteLine((await orchestrator.ReadAsync(result.Run)).ToMarkdown());

internal sealed record Notes(string Text);

internal sealed record Summary(string Line);
