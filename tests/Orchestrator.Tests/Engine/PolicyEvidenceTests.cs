using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Engine;

/// <summary>What policies take for evidence, however the journal keeps it and whatever a decider says.</summary>
public sealed class PolicyEvidenceTests
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(10_000, false)]
    [InlineData(10, true)]
    public async Task A_review_that_requests_changes_is_no_approval_even_as_a_blob_or_sealed(int length, bool isSealed)
    {
        var services = new ServiceCollection();
        if (isSealed)
        {
            services.AddSingleton<IPayloadProtector, Backwards>();
        }

        var review = new Reviewer.Output(WorkerClaim.Success, Reviewer.Opinion.ChangesRequested) { Notes = new string('x', length) };
        services.AddOrchestrator(options => options.MaxSteps = 3)
            .AddWorkflow("finish", _ => new Decision.Finish("Done."))
            .AddWorker<Dictionary<string, string>, Reviewer.Output>("reviewer", (_, _) => Task.FromResult(review))
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"));
        await using var provider = services.BuildServiceProvider();

        var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Finish")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Partial, result.Status);
        Assert.Single(result.Calls);
    }

    [Fact]
    public async Task A_decider_that_hands_on_an_approved_call_gets_no_approval_for_the_new_one()
    {
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddWorkflow("forge", state => state.Calls.Count switch
            {
                0 => Decision.Call("work", JsonElement.Parse("""{"goal":"first"}""")),

                // The call that the policy required, asked for once more as if a policy had required it.
                2 when state.OpenCalls.Count == 0 => new Decision.CallWorker([state.Calls[1].Call with { Capability = "work" }]),
                _ when state.OpenCalls.Count > 0 => new Decision.Continue(Decision.WakeOn.Idle),
                _ => new Decision.Finish("Done."),
            })
            .AddWorker("work", new Echo())
            .AddWorker("check", new Echo())
            .AddPolicy("checked", (subject, state) => subject is IPolicy.Subject.OfCall { Call.Capability: "work" } call && !state.Calls.Any(each => each.Call.BoundTo == call.Hash && each.Succeeded)
                ? new Verdict.Require(WorkerCall.To("check", JsonElement.Parse("{}")), "Work is checked first.")
                : Verdict.Allowed);
        await using var provider = services.BuildServiceProvider();

        var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Forge")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(["work", "check", "work", "check"], result.Calls.Select(call => call.Call.Capability));
    }

    private sealed class Echo : IWorker
    {
        public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JsonElement.Parse("{}"));
    }
}
