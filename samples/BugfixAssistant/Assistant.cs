using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator;

namespace BugfixAssistant;

/// <summary>Lays out a small application with a bug, has it fixed, and tells what happens.</summary>
public static class Assistant
{
    private const string Model = "claude-opus-4-6";

    /// <summary>Runs the sample once.</summary>
    /// <param name="args"><c>--wrong-patch</c> has the scripted model propose a patch that does not help.</param>
    /// <param name="output">Where to tell it.</param>
    /// <param name="key">The key of the hosted model; without one the model's replies are scripted.</param>
    /// <param name="cancellationToken">Stops driving; the run could be resumed.</param>
    /// <returns>Zero if the bug was fixed, otherwise one.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, string? key, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"orchestrator-bugfix-{DateTime.Now:yyyyMMdd-HHmmss}-{Path.GetRandomFileName()}");
        var checkout = Path.Combine(folder, "drafts");
        await SampleRepository.CreateAsync(checkout, cancellationToken);
        await output.WriteLineAsync($"A small C# application with a failing test was laid out in {checkout}");
        await output.WriteLineAsync(string.IsNullOrEmpty(key)
            ? "No ANTHROPIC_API_KEY is set, so the model's replies are SCRIPTED; git, patches, policies, dotnet test and the journal are real."
            : $"Using the model {Model}.");
        await output.WriteLineAsync();

        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddModel("coder", _ => string.IsNullOrEmpty(key) ? ScriptedReplies.Client(args.Contains("--wrong-patch")) : new AnthropicClient { ApiKey = key, MaxRetries = 0 }.AsIChatClient(Model))
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddCodingWorkers(model: "coder")
            .AddPolicy(Policies.OnlyTouch("src/**", "tests/**"))
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"))
            .AddSecret(_ => key ?? "")
            .UseGit(git => git.AddRepository("drafts", checkout, test: "dotnet test tests/Drafts.Tests"))
            .UseSqliteJournal(Path.Combine(folder, "runs.db"));
        await using var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var run = await orchestrator.StartAsync(
            new TaskRequest("Fix the crash when saving drafts") { Attachments = [new TaskRequest.Attachment("crash.log", SampleRepository.CrashLog)] },
            cancellationToken);
        var watching = Steps.WatchAsync(orchestrator, run, output, cancellationToken);
        var result = await orchestrator.ResumeAsync(run, cancellationToken);
        await watching;

        var transcript = Path.Combine(folder, "transcript.md");
        await File.WriteAllTextAsync(transcript, (await orchestrator.ReadAsync(run, cancellationToken)).ToMarkdown(), cancellationToken);
        await Steps.WriteAsync(result, transcript, output);
        return result.Status == RunStatus.Succeeded ? 0 : 1;
    }
}
