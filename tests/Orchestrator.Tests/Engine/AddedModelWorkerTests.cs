using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>Models as workers of contracts that are not ready-made, or on a model of their own.</summary>
public sealed class AddedModelWorkerTests
{
    private static readonly WorkerContract<Question, Translation> Contract = new("translate");

    [Fact]
    public async Task A_contract_of_the_hosts_own_is_kept_repaired_and_read_back()
    {
        var model = new ScriptedChatClient().On("translate", "I think it is 'Entwurf'.", """{"text":"Entwurf"}""");
        Translation? read = null;
        await using var harness = new OrchestratorHarness(host => host
            .AddWorkflow("test", new Reading(translation => read = translation))
            .AddModel("m", _ => model)
            .AddModelWorker(Contract, "m", role: "You translate words of a user interface.", configure: worker => worker.WithTimeLimit(TimeSpan.FromMinutes(1))));

        var result = await harness.RunAsync("Translate").Soon();

        Assert.Equal("Entwurf", read?.Text);
        Assert.Equal(CallResult.ReplyValidity.Repaired, result.Calls[0].Result!.Validity);
        Assert.All(model.Requests, request => Assert.Contains("You translate words of a user interface.", request.Text, StringComparison.Ordinal));
        Assert.Contains("\"draft\"", model.Requests[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_made_contract_may_use_another_model_than_the_rest()
    {
        var coder = new ScriptedChatClient();
        var strong = new ScriptedChatClient().On("reviewer", """{"status":"success","verdict":"approved","comments":[]}""");
        await using var harness = Hosts.With(
            Hosts.Calls(Reviewer.Contract.Call(new Reviewer.Input("Save drafts") { Diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" })),
            host => host
                .AddModel("coder", _ => coder)
                .AddModel("strong", _ => strong)
                .AddCodingWorkers("coder")
                .AddModelWorker(Reviewer.Contract, "strong")
                .UsePrompt("reviewer", "You are strict."));

        var result = await harness.RunAsync("Review").Soon();

        Assert.True(result.Calls[0].Succeeded, result.Calls[0].Result!.Error?.Message);
        Assert.Empty(coder.Requests);
        Assert.Contains("You are strict.", Assert.Single(strong.Requests).Text, StringComparison.Ordinal);
    }

    internal sealed record Question(string Word = "draft");

    internal sealed record Translation(string Text);

    private sealed class Reading(Action<Translation?> read) : IDecider
    {
        public async ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken)
        {
            if (state.Calls.Count == 0)
            {
                return new Decision.CallWorker([Contract.Call(new Question())]);
            }

            if (state.OpenCalls.Count > 0)
            {
                return new Decision.Continue(Decision.WakeOn.Idle);
            }

            read(await Contract.OutputAsync(context, state.Calls[0], cancellationToken));
            return new Decision.Finish("Done.");
        }
    }
}
