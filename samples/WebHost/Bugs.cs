using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator;

namespace WebHost;

/// <summary>What can be asked over HTTP. Every answer is a view of the journal, so it does not matter which host drives a run.</summary>
internal static class Bugs
{
    public static void MapBugs(this WebApplication app)
    {
        var bugs = app.MapGroup("/bugs");
        bugs.MapPost("/", ReportAsync);
        bugs.MapGet("/", List);
        bugs.MapGet("/{run}", ShowAsync);
        bugs.MapGet("/{run}/events", WatchAsync);
        bugs.MapGet("/{run}/diff", async (RunId run, IOrchestrator orchestrator, CancellationToken stop) => TypedResults.Text((await orchestrator.ReadAsync(run, stop)).ToResult().Diff, "text/x-diff"));
        bugs.MapGet("/{run}/transcript", async (RunId run, IOrchestrator orchestrator, CancellationToken stop) => TypedResults.Text((await orchestrator.ReadAsync(run, stop)).ToMarkdown(), "text/markdown"));
        bugs.MapPost("/{run}/answers/{call}", AnswerAsync);
        bugs.MapDelete("/{run}", CancelAsync);
    }

    private static async Task<Results<Accepted<BugView>, ValidationProblem>> ReportAsync(BugReport report, IOrchestrator orchestrator, CancellationToken stop)
    {
        if (report.FindProblems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var run = await orchestrator.StartAsync(report.ToTask(), stop);
        return TypedResults.Accepted($"/bugs/{run}", BugView.Of(await orchestrator.ReadAsync(run, stop)));
    }

    private static IAsyncEnumerable<BugSummary> List(IOrchestrator orchestrator, CancellationToken stop, int limit = 100) =>
        orchestrator.ListAsync(new RunSummary.Query { Limit = Math.Clamp(limit, 1, 1000) }, stop).Select(BugSummary.Of);

    private static async Task<BugView> ShowAsync(RunId run, IOrchestrator orchestrator, CancellationToken stop) => BugView.Of(await orchestrator.ReadAsync(run, stop));

    private static async Task<IResult> WatchAsync(RunId run, [FromHeader(Name = "Last-Event-ID")] long? last, IOrchestrator orchestrator, IHostApplicationLifetime host, CancellationToken stop)
    {
        var state = (await orchestrator.ReadAsync(run, stop)).State;

        // A browser comes back after the end of a stream, until it is told that there is nothing more.
        return state.HasEnded && last >= state.Sequence
            ? TypedResults.NoContent()
            : TypedResults.ServerSentEvents(BugEvents.FollowAsync(orchestrator, run, last + 1 ?? 1, host.ApplicationStopping, stop));
    }

    private static async Task<Accepted> AnswerAsync(RunId run, CallId call, PersonsAnswer answer, IOrchestrator orchestrator, CancellationToken stop)
    {
        await orchestrator.AnswerAsync(run, call, answer.Answer ?? "", answer.By ?? "", stop);
        return TypedResults.Accepted($"/bugs/{run}");
    }

    private static async Task<Accepted> CancelAsync(RunId run, IOrchestrator orchestrator, CancellationToken stop, string reason = "")
    {
        await orchestrator.CancelAsync(run, reason, stop);
        return TypedResults.Accepted($"/bugs/{run}");
    }

    /// <summary>What a person answers, and who that is.</summary>
    internal sealed record PersonsAnswer(string? Answer, string? By);
}
