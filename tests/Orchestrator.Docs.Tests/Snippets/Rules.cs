using System.Text.Json;
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

    // <snippet:policies-approval>
    public static Verdict AskBeforeMigrations(IPolicy.Subject subject, TaskState state)
    {
        if (subject is not IPolicy.Subject.OfPatch patch || !patch.Paths.Any(path => path.Value.Contains("/migrations/", StringComparison.Ordinal)))
        {
            return Verdict.Allowed;
        }

        var asked = state.Calls.LastOrDefault(call => call.Call.Capability == Person.Capability && call.Call.BoundTo == patch.Hash);
        return asked is null
            ? new Verdict.Require(Person.Call(new Person.Question($"May {patch.Id} write {string.Join(", ", patch.Paths)}?") { Options = ["yes", "no"] }), "Migrations are approved by a person.")
            : asked.Succeeded && asked.Result!.Output.Inline.GetProperty("answer").GetString() == "yes"
                ? Verdict.Allowed
                : new Verdict.Deny("A person said no to this migration.");
    }

    // </snippet>
    public static void Approval(OrchestratorBuilder builder)
    {
        // <snippet:policies-approval-register>
        builder.AddPolicy("ask_before_migrations", AskBeforeMigrations);
        // </snippet>
    }
}

// <snippet:policies-class>
public sealed class NoOpenWarnings : IPolicy
{
    public string Id => "no_open_warnings";

    public async ValueTask<Verdict> JudgeAsync(IPolicy.Subject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken)
    {
        if (subject is not IPolicy.Subject.OfFinish || state.Calls.LastOrDefault(call => call.Call.Capability == "code_edit") is not { Result: { } result } edit)
        {
            return Verdict.Allowed;
        }

        var output = await context.ReadAsync(result.Output, cancellationToken);
        return output.ValueKind == JsonValueKind.Object && output.TryGetProperty("warnings", out var warnings) && warnings.GetArrayLength() > 0
            ? new Verdict.Deny($"{edit.Id} came with warnings: {warnings}")
            : Verdict.Allowed;
    }
}
// </snippet>
