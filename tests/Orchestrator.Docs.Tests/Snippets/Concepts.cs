namespace Orchestrator.Docs.Tests.Examples;

internal static class Concepts
{
    // <snippet:concepts-decider>
    public static Decision Decide(TaskState state)
    {
        if (state.Plan.Steps.Count == 0)
        {
            return new Decision.Replan(new Plan(
            [
                new PlanStep("parser", "translate", "Translate the parser's messages") { Writes = ["src/Parser.cs"] },
                new PlanStep("store", "translate", "Translate the store's messages") { Writes = ["src/Store.cs"] },
                new PlanStep("check", "verify", "Run the tests") { DependsOn = ["parser", "store"] },
            ]));
        }

        return state.FindStep("check") is { Succeeded: true }
            ? new Decision.Finish("Every message is translated.")
            : new Decision.Finish("Not every step succeeded.") { Status = RunStatus.Partial };
    }

    // </snippet>
}
