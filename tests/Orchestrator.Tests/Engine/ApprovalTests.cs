using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tests.Engine;

/// <summary>The ready-made rule that has a person look at patches of certain paths.</summary>
public sealed class ApprovalTests
{
    private static readonly Dictionary<string, string> Files = new() { ["db/schema.sql"] = "old\n", ["app/a.cs"] = "old\n" };

    [Theory]
    [InlineData("yes", true, false)]
    [InlineData("no", false, false)]
    [InlineData("yes", true, true)]
    public async Task A_patch_of_those_paths_waits_for_a_person(string answer, bool lands, bool isSealed)
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(Hosts.Calls(Edit("db/schema.sql")), host => Wire(host, workspace, isSealed));

        var waiting = await harness.RunAsync("Change the schema").Soon();
        await harness.Orchestrator.AnswerAsync(waiting.Run, new CallId(2), answer);
        var result = await harness.Orchestrator.ResumeAsync(waiting.Run).Soon();

        Assert.Equal(RunStatus.Paused, waiting.Status);
        Assert.Contains("'db/schema.sql'", waiting.Summary, StringComparison.Ordinal);
        Assert.Equal(lands, result.Calls[0].Succeeded);
        Assert.Equal(lands, result.Diff.Contains("+new", StringComparison.Ordinal));
        Assert.Equal(lands ? null : CallResult.Failure.Codes.Denied, result.Calls[0].Result!.Error?.Code);
    }

    [Fact]
    public async Task A_patch_of_other_paths_waits_for_nobody()
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(Hosts.Calls(Edit("app/a.cs")), host => Wire(host, workspace));

        var result = await harness.RunAsync("Change the code").Soon();

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Single(result.Calls);
    }

    [Fact]
    public async Task A_yes_to_one_patch_is_no_yes_to_the_next()
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        await using var harness = Hosts.With(
            state => state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle)
                : state.Calls.Count(call => call.Call.Capability == "edit") is var edits && edits < 2 ? new Decision.CallWorker([Edit("db/schema.sql", edits == 0 ? "new" : "newer")])
                : new Decision.Finish("Done."),
            host => Wire(host, workspace));

        var first = await harness.RunAsync("Change it twice").Soon();
        await harness.Orchestrator.AnswerAsync(first.Run, new CallId(2), "yes");
        var second = await harness.Orchestrator.ResumeAsync(first.Run).Soon();

        Assert.Equal(RunStatus.Paused, second.Status);
        Assert.Equal(CallState.Phase.AwaitingAnswer, second.Calls[3].Status);
        Assert.NotEqual(second.Calls[1].Call.BoundTo, second.Calls[3].Call.BoundTo);
    }

    [Fact]
    public async Task A_question_that_was_given_up_unanswered_is_asked_again()
    {
        var workspace = new InMemoryWorkspaceProvider(Files);
        var isReplanned = false;
        await using var harness = Hosts.With(
            state => state.Plan.Steps.Count == 0 ? new Decision.Replan(new Plan([Step("first")]))
                : !isReplanned && (isReplanned = true) ? new Decision.Replan(new Plan([Step("second")]))
                : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."),
            host => Wire(host, workspace).AddStub("slow", async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return Hosts.Reply();
            }));

        var waiting = await harness.RunAsync("Change it").Soon();
        var asked = waiting.Calls.Where(call => call is { Call.Capability: "person", Status: CallState.Phase.AwaitingAnswer }).ToList();

        Assert.Equal(RunStatus.Paused, waiting.Status);
        Assert.Single(asked);
        await harness.Orchestrator.AnswerAsync(waiting.Run, asked[0].Id, "yes");
        Assert.Equal(RunStatus.Succeeded, (await harness.Orchestrator.ResumeAsync(waiting.Run).Soon()).Status);

        static PlanStep Step(string id) => new(id, "edit", "Edit") { Input = Edit("db/schema.sql").Input };
    }

    private static WorkerCall Edit(string path, string text = "new") => WorkerCall.To("edit", JsonSerializer.SerializeToElement(new { path, text }));

    private static OrchestratorBuilder Wire(OrchestratorBuilder host, InMemoryWorkspaceProvider workspace, bool isSealed = false)
    {
        if (isSealed)
        {
            host.Services.AddSingleton<IPayloadProtector, Backwards>();
        }

        return host.UseWorkspace(_ => workspace)
            .AddPolicy(Policies.RequireApproval("db/**"))
            .AddWorker("edit", new StubWorker((input, _, _) => Task.FromResult(JsonSerializer.SerializeToElement(new
            {
                status = "success",
                files = new[] { new { path = input.GetProperty("path").GetString(), code = input.GetProperty("text").GetString() + "\n" } },
            }))));
    }
}
