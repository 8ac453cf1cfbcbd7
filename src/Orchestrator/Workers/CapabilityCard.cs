using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>One capability as a model that decides gets to know it.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Description">What it does and when to call it; empty where nobody said.</param>
/// <param name="InputSchema">JSON schema of its payload; of kind <see cref="JsonValueKind.Undefined"/> for any JSON.</param>
internal sealed record CapabilityCard(string Name, string Description, JsonElement InputSchema)
{
    /// <summary>The capabilities of these workers in their newest versions, and those of the engine.</summary>
    public static IReadOnlyList<CapabilityCard> Of(IEnumerable<WorkerRegistration> workers) =>
    [
        .. workers
            .GroupBy(worker => worker.Capability)
            .Select(versions => versions.MaxBy(worker => worker.Version)!)
            .Select(worker => new CapabilityCard(worker.Capability, worker.Description.Length > 0 ? worker.Description : ReadyMade(worker.Capability), worker.InputSchema?.Invoke() ?? default))
            .Append(new CapabilityCard(Verify.Capability, ReadyMade(Verify.Capability), ContractSchema.Of(CoreJsonContext.Default.VerifyInput)))
            .Append(new CapabilityCard(Person.Capability, ReadyMade(Person.Capability), ContractSchema.Of(CoreJsonContext.Default.Question)))
            .OrderBy(card => card.Name, StringComparer.Ordinal),
    ];

    private static string ReadyMade(string capability) => capability switch
    {
        Planner.Capability => "Breaks the goal into steps with the files that each reads and writes. Its steps are a proposal: put them into a 'replan' to have them carried out.",
        Analysis.Capability => "Finds the likely cause of a fault from reports, logs and code: likely files and hypotheses.",
        CodeEdit.Capability => "Changes one file. The engine applies its patch; the call succeeds once the patch is applied.",
        CodeEdit.Batch.Capability => "Changes several files in one patch that is applied whole or not at all.",
        TestWriter.Capability => "Writes or updates tests for one behaviour.",
        StaticAnalysis.Capability => "Looks for faults in the changes so far, or in a file, without running anything.",
        Reviewer.Capability => "Reviews the changes so far: approval, or requested changes with comments.",
        DocWriter.Capability => "Updates documentation to match the changes so far.",
        Verify.Capability => "Runs the repository's tests on the changes so far. The only proof that tests pass.",
        Person.Capability => "Asks a person and waits for the answer. For what nobody else can know or may decide.",
        _ => "",
    };
}
