using Orchestrator.Contracts;

namespace Orchestrator.Docs.Tests.Examples;

internal static class Rules
{
    public static void Ready(OrchestratorBuilder builder)
    {
        // <snippet:policies-ready>
        builder
            .AddPolicy(Policies.OnlyTouch("src/**", "tests/**"))
            .AddPolicy(Policies.NeverTouch("**/*.csproj", "**/migrations/**"))
            .AddPolicy(Policies.RequireApproval("db/**"))
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"));
        // </snippet>
    }

    public static void Own(OrchestratorBuilder builder)
    {
        // <snippet:policies-own>
        builder
            .AddPolicy("test_writer_stays_in_tests", (subject, state) =>
                subject is IPolicy.Subject.OfPatch { Call.Capability: "test_writer" } patch && patch.Paths.Any(path => !path.Value.StartsWith("tests/", StringComparison.Ordinal))
                    ? new Verdict.Deny("A test writer writes below tests/ and nowhere else.")
                    : Verdict.Allowed)
            .AddPolicy("small_plans", (subject, state) =>
                subject is IPolicy.Subject.OfPlan { Plan.Steps.Count: > 20 } ? new Verdict.Deny("A plan has at most twenty steps.") : Verdict.Allowed);
        // </snippet>
    }

    public static void Approval(OrchestratorBuilder builder)
    {
        // <snippet:policies-approval-register>
        builder
            .AddPolicy(Policies.RequireApproval("**/migrations/**"))
            .AddPolicy(new AskBeforeDeploying());
        // </snippet>
    }
}

// <snippet:policies-class>
public sealed class NoOpenWarnings : IPolicy
{
    public string Id => "no_open_warnings";

    public async ValueTask<Verdict> JudgeAsync(IPolicy.Subject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken)
    {
        if (subject is not IPolicy.Subject.OfFinish || state.Calls.LastOrDefault(call => call.Call.Capability == "code_edit") is not { Result: not null } edit)
        {
            return Verdict.Allowed;
        }

        var output = await CodeEdit.Contract.OutputAsync(context, edit, cancellationToken);
        return output?.Warnings is [var first, ..]
            ? new Verdict.Deny($"{edit.Id} came with warnings: {first}")
            : Verdict.Allowed;
    }
}
// </snippet>

// <snippet:policies-approval>
public sealed class AskBeforeDeploying : IPolicy
{
    public string Id => "ask_before_deploying";

    public async ValueTask<Verdict> JudgeAsync(IPolicy.Subject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken)
    {
        if (subject is not IPolicy.Subject.OfCall { Call.Capability: "deploy" } deploy)
        {
            return Verdict.Allowed;
        }

        var asked = state.Calls.LastOrDefault(call => call.Call.RequiredBy == Id && call.Call.BoundTo == deploy.Hash);
        if (asked is null)
        {
            var question = new Person.Question($"May {deploy.Id} deploy?") { Options = ["yes", "no"] };
            return new Verdict.Require(Person.Call(question), "Nothing is deployed without a person's approval.");
        }

        return await Person.Contract.OutputAsync(context, asked, cancellationToken) is { Answer: "yes" }
            ? Verdict.Allowed
            : new Verdict.Deny("A person did not approve the deployment.");
    }
}
// </snippet>
