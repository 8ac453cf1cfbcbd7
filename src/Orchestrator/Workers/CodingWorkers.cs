using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>The ready-made workers: one model, eight contracts.</summary>
internal static class CodingWorkers
{
    /// <param name="model">The registered model that all of them use.</param>
    /// <param name="prompts">Role prompts by capability that replace the ready-made ones; read when the first worker is made, so that their order of registration does not matter.</param>
    public static IEnumerable<WorkerRegistration> All(string model, IReadOnlyDictionary<string, string> prompts) =>
    [
        Of(Planner.Contract, model, prompts),
        Of(Analysis.Contract, model, prompts),
        Of(CodeEdit.Contract, model, prompts),
        Of(CodeEditBatch.Contract, model, prompts),
        Of(TestWriter.Contract, model, prompts),
        Of(StaticAnalysis.Contract, model, prompts),
        Of(DocWriter.Contract, model, prompts),
        Of(Reviewer.Contract, model, prompts),
    ];

    private static WorkerRegistration Of<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, string model, IReadOnlyDictionary<string, string> prompts)
        where TInput : class
        where TOutput : class =>
        WorkerRegistration.OfModel(contract, () => new ModelWorkerOptions(model) { RolePrompt = prompts.GetValueOrDefault(contract.Capability) }, model) with { IsReadyMade = true };
}
