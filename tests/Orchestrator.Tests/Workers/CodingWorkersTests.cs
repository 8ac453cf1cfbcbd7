using Orchestrator.Tests.Contracts;

namespace Orchestrator.Tests.Workers;

public sealed class CodingWorkersTests
{
    [Fact]
    public void Every_contract_has_a_ready_made_worker_with_a_prompt()
    {
        var workers = CodingWorkers.All("coder", new Dictionary<string, string>()).ToList();

        Assert.Equal(ContractCatalogue.All.Select(entry => entry.Capability), workers.Select(worker => worker.Capability).Order(StringComparer.Ordinal));
        Assert.All(workers, worker => Assert.True(worker is { IsReadyMade: true, Model: "coder", PromptHash.Length: 64 }));
        Assert.Equal(8, workers.Select(worker => worker.PromptHash).Distinct().Count());
    }

    [Fact]
    public void Only_workers_that_write_code_propose_patches()
    {
        var workers = CodingWorkers.All("coder", new Dictionary<string, string>());

        Assert.Equal(
            ["code_edit", "code_edit_batch", "doc_writer", "test_writer"],
            workers.Where(worker => worker.ProposesPatch).Select(worker => worker.Capability).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_prompt_may_be_replaced_before_or_after_the_workers_are_added()
    {
        var prompts = new Dictionary<string, string>();
        var workers = CodingWorkers.All("coder", prompts).ToList();
        prompts["reviewer"] = "You are kind.";

        var reviewer = workers.Single(worker => worker.Capability == "reviewer");

        Assert.StartsWith("You are kind.", reviewer.Prompt!.Value.Text, StringComparison.Ordinal);
        Assert.NotEqual(ModelRequest.HashOf(RolePrompts.Of("reviewer")), reviewer.PromptHash);
    }
}
