using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Docs.Tests.Examples;
using Orchestrator.Patching;
using Orchestrator.Testing;
using Shop;

namespace Orchestrator.Docs.Tests;

/// <summary>What the pages show does what they say.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly Dictionary<string, string> Files = new() { ["src/Store.cs"] = "class Store;\n", ["db/migrations/1.sql"] = "create table a;\n" };

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_getting_started_page_registers_an_orchestrator()
    {
        await using var provider = GettingStarted.Register("not-a-real-key");

        Assert.NotNull(provider.GetRequiredService<IOrchestrator>());
    }

    [Fact]
    public async Task The_plan_on_the_concepts_page_runs_two_steps_and_then_the_third()
    {
        await using var provider = Host(builder => builder
            .AddWorkflow("plan", Concepts.Decide)
            .AddWorker<Translation, Translated>("translate", (step, _) => Task.FromResult(new Translated([new CodeFile(RepoPath.Parse(step.FilePath), $"// {step.Goal}\n")]))));

        var result = await RunAsync(provider);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(["translate", "translate", "verify"], result.Calls.Select(call => call.Call.Capability));
        Assert.Contains("// Translate the parser's messages", result.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workers_on_the_workers_page_do_their_work()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "It is a store.");
        await using var provider = Host(builder =>
        {
            Workers.Register(builder);
            builder.AddModel("coder", _ => model)
                .AddWorkflow("all", state => state.Calls.Count > 0
                    ? state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done.")
                    : new Decision.CallWorker(
                    [
                        WorkerCall.To("licence_header", new { file = "src/Store.cs" }),
                        WorkerCall.To("deploy_preview", new { }),
                        WorkerCall.To("explain", new { file = "src/Store.cs" }),
                        WorkerCall.To("summarise", new { text = "A" }),
                    ]));
        });

        var result = await RunAsync(provider);

        Assert.All(result.Calls, call => Assert.True(call.Succeeded, $"{call.Call.Capability}: {call.Result?.Error}"));
        Assert.Contains("+// Licensed under MIT.", result.Diff, StringComparison.Ordinal);
        Assert.True(result.Usage.Total > 0);
        Assert.Equal(2, Assert.IsType<Decision.CallWorker>(Workers.Call()).Calls.Count);
    }

    [Fact]
    public async Task A_ready_made_worker_takes_another_role()
    {
        var model = new ScriptedChatClient().Otherwise(request => request.Text.Contains("payment system", StringComparison.Ordinal)
            ? """{ "status": "success", "verdict": "approved", "comments": [], "notes": "", "warnings": [] }"""
            : "no");
        await using var provider = Host(builder =>
        {
            Workers.Prompts(builder);
            builder.AddModel("coder", _ => model)
                .AddWorkflow("review", state => state.Calls.Count == 0 ? Decision.Call("reviewer", new { goal = "g", diff = "--- a/a\n+++ b/a\n" }) : new Decision.Finish("Reviewed."));
        });

        var result = await RunAsync(provider);

        Assert.True(Assert.Single(result.Calls).Succeeded, result.Calls[0].Result?.Error?.Message);
    }

    [Fact]
    public async Task An_own_binder_gives_a_worker_a_whole_folder()
    {
        await using var provider = Host(builder =>
        {
            Binders.Register(builder);
            builder.AddWorker<WholeFolder.Input, Translated>("fold", (input, _) => Task.FromResult(new Translated([new CodeFile(RepoPath.Parse("all.txt"), string.Concat(input.Files.Select(file => file.Text)))])))
                .AddWorkflow("fold", state => state.Calls.Count == 0 ? Decision.Call("fold", new { folder = "src" }) : new Decision.Finish("Folded."));
        });

        var result = await RunAsync(provider);

        Assert.Contains("+class Store;", result.Diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public async Task A_person_is_asked_before_a_migration_is_written(string answer, bool isWritten)
    {
        await using var provider = Host(builder =>
        {
            Rules.Own(builder);
            Rules.Approval(builder);
            builder.AddWorker<Translation, Translated>("migrate", (step, _) => Task.FromResult(new Translated([new CodeFile(RepoPath.Parse("db/migrations/2.sql"), "alter table a;\n")])))
                .AddWorkflow("migrate", state => state.Calls.Count == 0 ? Decision.Call("migrate", new { file_path = "x", goal = "g" }) : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."));
        });
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var paused = await RunAsync(provider);
        await orchestrator.AnswerAsync(paused.Run, Assert.Single(paused.Calls, call => call.Question is not null).Id, answer);
        var result = await orchestrator.ResumeAsync(paused.Run).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(RunStatus.Paused, paused.Status);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(isWritten, result.Diff.Contains("+alter table a;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", RunStatus.Succeeded)]
    [InlineData("Saving is slower now.", RunStatus.Partial)]
    public async Task A_run_does_not_succeed_over_an_edit_with_warnings(string warning, RunStatus expected)
    {
        await using var provider = Host(builder => builder
            .AddPolicy(new NoOpenWarnings())
            .AddWorker<CodeEdit.Input, CodeEdit.Output>("code_edit", (_, _) => Task.FromResult(
                new CodeEdit.Output(WorkerClaim.Success, new PatchText("--- a/src/Store.cs\n+++ b/src/Store.cs\n@@ -1 +1 @@\n-class Store;\n+class Shop;\n")) { Warnings = warning.Length > 0 ? [warning] : [] }))
            .AddWorkflow("edit", state => state.Calls.Count == 0 ? new Decision.CallWorker([CodeEdit.Contract.Call(new CodeEdit.Input("Rename", RepoPath.Parse("src/Store.cs")))])
                : state.LastRejection.Length > 0 ? new Decision.Finish(state.LastRejection) { Status = RunStatus.Partial }
                : new Decision.Finish("Renamed.")));

        var result = await RunAsync(provider);

        Assert.Equal(expected, result.Status);
        Assert.Contains(warning, result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ready_made_policies_can_stand_side_by_side()
    {
        await using var provider = Host(builder =>
        {
            Rules.Ready(builder);
            builder.AddWorkflow("w", _ => new Decision.Finish("Done."));
        });

        Assert.NotNull(provider.GetRequiredService<IOrchestrator>());
    }

    [Fact]
    public async Task A_background_host_takes_up_what_was_started()
    {
        using var host = Durability.Build(Path.Combine(_folder, "runs.db"), []);
        var orchestrator = host.Services.GetRequiredService<IOrchestrator>();
        var run = await orchestrator.StartAsync(new TaskRequest("Look after the night"));

        await host.StartAsync();
        await foreach (var recorded in orchestrator.WatchAsync(run, cancellationToken: new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token))
        {
        }

        await host.StopAsync();
        Assert.Equal(RunStatus.Succeeded, (await orchestrator.ReadAsync(run)).State.Status);
    }

    [Fact]
    public async Task A_question_is_answered_and_the_run_is_taken_up()
    {
        await using var provider = Host(builder => builder.AddWorkflow("ask", state => state.Calls.Count == 0
            ? new Decision.CallWorker([Person.Call(new Person.Question("Go on?"))])
            : new Decision.Finish("Gone on.")));
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var paused = await RunAsync(provider);

        await Durability.SpeakUpAsync(orchestrator, paused.Run);
        var result = await orchestrator.ResumeAsync(paused.Run).WaitAsync(TimeSpan.FromSeconds(30));
        await Durability.TakeUpAsync(orchestrator, CancellationToken.None);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(2_000_000, (await orchestrator.ReadAsync(paused.Run)).State.Limits.Tokens);
    }

    [Fact]
    public async Task Repositories_are_registered_as_shown()
    {
        var services = new ServiceCollection();
        var builder = services.AddOrchestrator().AddWorkflow("w", _ => new Decision.Finish("Done."));
        Workspaces.Register(builder);
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IOrchestrator>());
    }

    [Fact]
    public async Task Uncommitted_changes_are_included_as_shown()
    {
        const string LayOut = "git init -q . && git -c user.name=U -c user.email=u@localhost -c commit.gpgSign=false commit -q --allow-empty -m Start && echo new > new.txt";
        using (var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", LayOut]) { WorkingDirectory = _folder })!)
        {
            await shell.WaitForExitAsync();
        }

        var services = new ServiceCollection();
        var task = await Workspaces.IncludeAsync(services.AddOrchestrator().AddWorkflow("w", _ => new Decision.Finish("Done.")), new TaskRequest("Go on"), _folder);
        await using var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var result = await orchestrator.RunAsync(task).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(task.Scope.Revision, (await orchestrator.ReadAsync(result.Run)).State.Base?.Commit);
    }

    [Fact]
    public void A_patch_is_applied_as_shown() => Assert.IsType<PatchResult.Applied>(Patches.Apply(
        "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n",
        new Dictionary<string, PatchTree.File> { ["a.txt"] = new PatchTree.File("old\n"u8.ToArray()) }));

    private static ServiceProvider Host(Action<OrchestratorBuilder> configure)
    {
        var services = new ServiceCollection();
        var workspace = new InMemoryWorkspaceProvider(Files, (request, _, _) => ValueTask.FromResult(
            new TestReport(request.At.Tree, TestReport.Result.Passed) { Cases = [new TestReport.Case("Store.Saves", TestReport.CaseResult.Passed)] }));
        configure(services.AddOrchestrator().UseWorkspace(_ => workspace));
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static Task<RunResult> RunAsync(ServiceProvider provider) =>
        provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Show what the page says")).WaitAsync(TimeSpan.FromSeconds(30));

    private sealed record Translation(string Goal, string FilePath)
    {
        public IReadOnlyList<string> Paths { get; init; } = [];
    }

    private sealed record Translated(IReadOnlyList<CodeFile> Files);
}
