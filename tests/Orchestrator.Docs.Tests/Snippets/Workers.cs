using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator.Docs.Tests.Examples;

internal static class Workers
{
    public static void Register(OrchestratorBuilder builder)
    {
        // <snippet:workers-lambda>
        builder.AddWorker<Notes, Summary>("summarise", (notes, cancellationToken) => Task.FromResult(new Summary($"* {notes.Text}.")));
        // </snippet>

        // <snippet:workers-register>
        builder
            .AddWorker<LicenceHeader>("licence_header", worker => worker.AllowWrites("src/**").WithTimeLimit(TimeSpan.FromSeconds(30)))
            .AddWorker("deploy_preview", new PreviewDeployer(), worker => worker.NotRepeatable())
            .AddWorker<Explainer>("explain");
        // </snippet>
    }

    public static void Windows(OrchestratorBuilder builder, IChatClient client)
    {
        // <snippet:workers-window>
        builder
            .AddModel("local", _ => client, options: new ModelOptions { ContextWindow = 32_768, MaxOutputTokens = 4_096 })
            .AddCodingWorkers(model: "local");
        // </snippet>
    }

    public static void Prompts(OrchestratorBuilder builder)
    {
        // <snippet:workers-prompt>
        builder
            .AddCodingWorkers(model: "coder")
            .UsePrompt("reviewer", "You review changes to a payment system. Ask for a change wherever an amount could be rounded twice.");
        // </snippet>
    }

    public static void Models(OrchestratorBuilder builder)
    {
        // <snippet:workers-model-worker>
        builder
            .AddCodingWorkers(model: "coder")
            .AddModelWorker(Reviewer.Contract, model: "strong")
            .AddModelWorker(
                new WorkerContract<ReleaseNote.Input, ReleaseNote.Output>("release_note"),
                model: "coder",
                role: "You write release notes. One sentence, for people who use the product and have not seen its code.");
        // </snippet>
    }

    public static void Agents(OrchestratorBuilder builder)
    {
        // <snippet:workers-own-model>
        builder.AddWorker<OtherAgent>("code_edit", worker => worker.WithOwnModel(maxCost: 0.50m).AllowWrites("src/**"));
        // </snippet>
    }

    public static Decision Call()
    {
        // <snippet:workers-call>
        return new Decision.CallWorker(
        [
            WorkerCall.To("licence_header", new { file = "src/Store.cs" }),
            CodeEdit.Contract.Call(new CodeEdit.Input("Save drafts without a title", RepoPath.Parse("src/Store.cs"))),
        ]);
        // </snippet>
    }

    internal sealed record Notes(string Text);

    internal sealed record Summary(string Line);
}

// <snippet:workers-release-note>
public static class ReleaseNote
{
    public sealed record Input(string Diff);

    public sealed record Output(string Sentence);
}
// </snippet>

// <snippet:workers-other-agent>
public sealed class OtherAgent(IAgentOfMine agent) : IWorker<CodeEdit.Input, CodeEdit.Output>
{
    public async Task<CodeEdit.Output> RunAsync(CodeEdit.Input input, WorkerContext context, CancellationToken cancellationToken)
    {
        var (diff, tokens, cost) = await agent.EditAsync(input.Goal, input.FilePath.Value, input.OriginalCode, cancellationToken);
        context.ReportSpending(tokens, cost);
        return new CodeEdit.Output(WorkerClaim.Success, new PatchText(diff));
    }
}
// </snippet>

public interface IAgentOfMine
{
    Task<(string Diff, TokenUsage Tokens, decimal Cost)> EditAsync(string goal, string path, string? code, CancellationToken cancellationToken);
}

// <snippet:workers-typed>
public sealed class LicenceHeader : IWorker<LicenceHeader.Input, LicenceHeader.Output>
{
    public Task<Output> RunAsync(Input input, WorkerContext context, CancellationToken cancellationToken)
    {
        var code = "// Licensed under MIT.\n" + input.File.Text;
        return Task.FromResult(new Output([new CodeFile(input.File.Path, code)]));
    }

    public sealed record Input(SourceFile File);

    public sealed record Output(IReadOnlyList<CodeFile> Files);
}
// </snippet>

// <snippet:workers-json>
public sealed class PreviewDeployer : IWorker
{
    public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken)
    {
        context.ReportProgress("deploying");
        return Task.FromResult(JsonSerializer.SerializeToElement(new { status = "success", notes = $"Run {context.Run} is deployed." }));
    }
}
// </snippet>

// <snippet:workers-model>
public sealed class Explainer : IWorker<Explainer.Input, Explainer.Output>
{
    public async Task<Output> RunAsync(Input input, WorkerContext context, CancellationToken cancellationToken)
    {
        var model = context.Models.Get("coder");
        var reply = await model.GetResponseAsync($"Explain in two sentences:\n{input.File.Text}", cancellationToken: cancellationToken);
        return new Output(reply.Text);
    }

    public sealed record Input(SourceFile File);

    public sealed record Output(string Explanation);
}
// </snippet>

// <snippet:workers-binder>
public sealed class WholeFolder : IInputBinder<WholeFolder.Input>
{
    public async ValueTask<Input> BindAsync(JsonElement payload, IFileReader files, CancellationToken cancellationToken)
    {
        var folder = payload.GetProperty("folder").GetString() ?? throw new OrchestratorException("'folder' is missing; name a folder.");
        var found = new List<SourceFile>();
        foreach (var path in (await files.ListAsync(cancellationToken)).Where(path => path.Value.StartsWith(folder + "/", StringComparison.Ordinal)))
        {
            found.Add((await files.ReadAsync(path, cancellationToken))!);
        }

        return new Input(found);
    }

    public sealed record Input(IReadOnlyList<SourceFile> Files);
}
// </snippet>

internal static class Binders
{
    public static void Register(OrchestratorBuilder builder)
    {
        // <snippet:workers-binder-register>
        builder.Services.AddSingleton<IInputBinder<WholeFolder.Input>, WholeFolder>();
        // </snippet>
    }
}
