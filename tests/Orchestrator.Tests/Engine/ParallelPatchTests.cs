using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tests.Engine;

/// <summary>Two workers that saw the same tree and changed the same file.</summary>
public sealed class ParallelPatchTests
{
    private const string Before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

    [Fact]
    public async Task Two_patches_made_side_by_side_on_one_file_both_land_where_they_do_not_meet()
    {
        var (result, text) = await RunAsync(Patch("two", "TWO", 1), Patch("nine", "NINE", 7));

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.All(result.Calls, call => Assert.True(call.Succeeded));
        Assert.Equal(Before.Replace("two", "TWO", StringComparison.Ordinal).Replace("nine", "NINE", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task A_patch_on_lines_that_changed_meanwhile_is_stale_and_shows_both_sides()
    {
        var (result, text) = await RunAsync(Patch("two", "TWO", 1), Patch("two", "zwei", 1));

        var stale = Assert.Single(result.Calls, call => call.Failed);
        Assert.Equal(CallResult.Failure.Codes.PatchStale, stale.Result!.Error!.Code);
        Assert.Contains("TWO", stale.Result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("zwei", stale.Result.Error.Message, StringComparison.Ordinal);
        var landed = Assert.Single(result.Calls, call => call.Succeeded);
        Assert.Equal(Before.Replace("two", landed.Id == new CallId(1) ? "TWO" : "zwei", StringComparison.Ordinal), text);
    }

    private static string Patch(string old, string @new, int line)
    {
        var lines = Before.Split('\n');
        var at = Array.IndexOf(lines, old);
        return $"--- a/f.txt\n+++ b/f.txt\n@@ -{line},3 +{line},3 @@\n {lines[at - 1]}\n-{old}\n+{@new}\n {lines[at + 1]}\n";
    }

    /// <summary>Runs one worker per patch. Each waits until all have started, so that all have seen the same tree.</summary>
    private static async Task<(RunResult Result, string Text)> RunAsync(params string[] patches)
    {
        using var together = new CountdownEvent(patches.Length);
        var everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["f.txt"] = Before });
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddWorkflow("both", state => state.Calls.Count == 0
                ? new Decision.CallWorker([.. patches.Select((_, index) => WorkerCall.To("edit", JsonSerializer.SerializeToElement(index)))])
                : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done."))
            .AddWorker("edit", new Editor(patches, together, everybody))
            .UseWorkspace(_ => workspace);
        await using var provider = services.BuildServiceProvider();

        var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Change it twice")).WaitAsync(TimeSpan.FromSeconds(20));

        var revision = result.Calls.Where(call => call.Result?.Applied is not null).MaxBy(call => call.EndedSequence)!.Result!.Applied!;
        await using var opened = await workspace.OpenAsync(new TaskRequest.RepoScope(), result.Run, null, 99, default);
        var file = await opened.ReadAsync(revision, RepoPath.Parse("f.txt", null), default);
        return (result, System.Text.Encoding.UTF8.GetString(file!.Bytes!.Value.Span));
    }

    private sealed class Editor(string[] patches, CountdownEvent together, TaskCompletionSource everybody) : IWorker
    {
        public async Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken)
        {
            if (together.Signal())
            {
                everybody.SetResult();
            }

            await everybody.Task.WaitAsync(cancellationToken);
            return JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["status"] = "success", ["patch"] = patches[input.GetInt32()] });
        }
    }
}
