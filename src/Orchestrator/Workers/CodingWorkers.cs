using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>The ready-made workers: one model, eight contracts.</summary>
internal static class CodingWorkers
{
    /// <param name="model">The registered model that all of them use.</param>
    /// <param name="prompts">Role prompts by capability that replace the ready-made ones; read when the first worker is made, so that their order of registration does not matter.</param>
    /// <param name="tools">Whether they may look at files beside those of their input.</param>
    public static IEnumerable<WorkerRegistration> All(string model, IReadOnlyDictionary<string, string> prompts, bool tools = false) =>
    [
        Of(Planner.Contract, model, prompts, tools),
        Of(Analysis.Contract, model, prompts, tools),
        Of(CodeEdit.Contract, model, prompts, tools),
        Of(CodeEdit.Batch.Contract, model, prompts, tools),
        Of(TestWriter.Contract, model, prompts, tools),
        Of(StaticAnalysis.Contract, model, prompts, tools),
        Of(DocWriter.Contract, model, prompts, tools),
        Of(Reviewer.Contract, model, prompts, tools),
    ];

    private static WorkerRegistration Of<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, string model, IReadOnlyDictionary<string, string> prompts, bool tools)
        where TInput : class
        where TOutput : class =>
        WorkerRegistration.OfModel(contract, () => new ModelWorkerOptions(model) { RolePrompt = prompts.GetValueOrDefault(contract.Capability), OffersTools = tools }, model, new WorkerOptions()) with { IsReadyMade = true };
}
