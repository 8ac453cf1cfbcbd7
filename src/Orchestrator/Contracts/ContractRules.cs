using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Contracts;

/// <summary>What the ready-made contracts ask of a reply beyond its shape. Each result names the member by its wire name.</summary>
internal static class ContractRules
{
    public static IEnumerable<ValidationResult> PatchOnSuccess(WorkerClaim status, PatchText? patch)
    {
        if (status == WorkerClaim.Success && patch is null or { IsEmpty: true })
        {
            yield return new ValidationResult("is empty although the status is success; give the patch, or say failed or partial", ["patch"]);
        }
    }

    public static IEnumerable<ValidationResult> TestCode(TestWriter.Output output)
    {
        if (output.Status == WorkerClaim.Success && output.Patch is null or { IsEmpty: true } && output.Files.Count == 0)
        {
            yield return new ValidationResult("is empty, and so is files, although the status is success; give test code, or say failed or partial", ["patch"]);
        }

        for (var index = 0; index < output.Files.Count; index++)
        {
            if (string.IsNullOrEmpty(output.Files[index].Code))
            {
                yield return new ValidationResult("has no text; give the whole file", [$"files[{index}].code"]);
            }
        }
    }

    public static IEnumerable<ValidationResult> PlanSteps(Planner.Output output)
    {
        if (output.Status == WorkerClaim.Success && output.Steps.Count == 0)
        {
            yield return new ValidationResult("is empty although the status is success; plan at least one step, or say failed or partial", ["steps"]);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < output.Steps.Count; index++)
        {
            if (!ids.Add(output.Steps[index].Id))
            {
                yield return new ValidationResult($"'{output.Steps[index].Id}' names another step already", [$"steps[{index}].id"]);
            }
        }

        for (var index = 0; index < output.Steps.Count; index++)
        {
            foreach (var missing in output.Steps[index].DependsOn.Where(id => !ids.Contains(id)))
            {
                yield return new ValidationResult($"'{missing}' is not a step of this plan", [$"steps[{index}].depends_on"]);
            }
        }
    }
}
