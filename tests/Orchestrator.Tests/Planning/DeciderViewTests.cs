using System.Text;
using System.Text.Json;

namespace Orchestrator.Tests;

public sealed class DeciderViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    [InlineData(16_000)]
    public void It_stays_within_its_bounds_at_ten_thousand_calls(int tokens)
    {
        var state = Large(10_000);

        var view = state.DeciderView(tokens);

        Assert.InRange(Encoding.UTF8.GetByteCount(view), 1, tokens * 3);
        if (tokens >= 2_000)
        {
            Assert.Contains("Mend the drafts", view, StringComparison.Ordinal);
            Assert.Contains("c10000 edit", view, StringComparison.Ordinal);
            Assert.Contains("c9999 edit: failed", view, StringComparison.Ordinal);
            Assert.Matches("not shown: [0-9]+ that succeeded, [0-9]+ that failed, 0 under way", view);
            Assert.Matches("not shown: .*[0-9]+ waiting", view);
        }
    }

    [Fact]
    public void Nothing_of_it_depends_on_the_clock_the_owner_or_what_the_question_costs()
    {
        var first = Large(50);
        var resumed = first;
        var at = Noon.AddDays(40);
        foreach (var each in new RunEvent[]
        {
            new RunEvent.AttemptStarted(CallId.Decider, 1, new WorkerCall.Intent(WorkerCall.AttemptKind.Model, "strong", "hash") { HeldTokens = new(5_000, 5_000), HeldCost = 1 }),
            new RunEvent.AttemptEnded(CallId.Decider, 1, new WorkerCall.Receipt(true) { Usage = new(4_000, 100), Cost = 0.5m }),
            new RunEvent.Claimed("another-host", 7),
        })
        {
            resumed = resumed.Apply(new RunEvent.Recorded(resumed.Sequence + 1, at, each));
        }

        Assert.Equal(first.DeciderView(4_000), resumed.DeciderView(4_000));
        Assert.DoesNotContain("2026", first.DeciderView(4_000), StringComparison.Ordinal);
    }

    [Fact]
    public void What_matters_is_in_it()
    {
        var state = State(
            new TaskRequest("Mend the drafts") { Constraints = ["Keep the API"], Scope = new TaskRequest.RepoScope { Paths = ["app/**"] }, Attachments = [new("crash.log", "at Drafts.Save()")] },
            new RunEvent.DecisionMade(1, new Decision.Replan(new Plan([new PlanStep("s1", "edit", "Do it") { Writes = ["app/a.cs"] }]))),
            new RunEvent.CallCreated(new(1), new WorkerCall("edit", Payload.Of(Json("""{"goal":"Do it"}"""))) { Step = "s1" }),
            new RunEvent.CallEnded(new(1), new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid)
            {
                Output = Payload.Of(Json("""{"notes":"done"}""")),
                Evidence = new TestReport.Evidence("tree", false, 3, 1) { Failing = ["Drafts.Saves"] },
            }),
            new RunEvent.CallCreated(new(2), new WorkerCall("person", default)),
            new RunEvent.VerdictGiven("require_green_tests", IPolicy.Subject.At.Finish, null, "tree", new Verdict.Deny("A test fails.")),
            new RunEvent.DecisionRejected(5, "require_green_tests: A test fails.", default));

        var view = state.DeciderView(4_000);

        foreach (var expected in new[]
        {
            "# Goal\n\nMend the drafts", "Only these paths may change: app/**", "- Keep the API", "# Your last answer was rejected\n\nrequire_green_tests: A test fails.",
            "- decisions: 2 of 9 taken", "- s1 [done as c1] edit/edit; writes app/a.cs: Do it", "- c1 edit for step s1: succeeded", "payload: {\"goal\":\"Do it\"}",
            "tests: not green, 3 passed, 1 failed: Drafts.Saves", "output: {\"notes\":\"done\"}", "- c2 person: under way", "- require_green_tests, denied: A test fails.", "crash.log: at Drafts.Save()",
        })
        {
            Assert.Contains(expected, view, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_goal_of_a_megabyte_leaves_room_for_the_rest()
    {
        var state = State(
            new TaskRequest(string.Concat(Enumerable.Repeat("界🙂", 200_000))),
            new RunEvent.CallCreated(new(1), new WorkerCall("edit", default)));

        var view = state.DeciderView(1_000);

        Assert.InRange(Encoding.UTF8.GetByteCount(view), 1, 3_000);
        Assert.Contains("- c1 edit", view, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', view);
    }

    private static TaskState Large(int calls)
    {
        var plan = new Plan([.. Enumerable.Range(1, 2_000).Select(number => new PlanStep($"s{number}", "edit", $"Change number {number}, and say why it was changed."))]);
        var events = new List<RunEvent> { new RunEvent.DecisionMade(1, new Decision.Replan(plan)) };
        for (var number = 1; number <= calls; number++)
        {
            var id = new CallId(number);
            events.Add(new RunEvent.CallCreated(id, new WorkerCall("edit", Payload.Of(Json($$"""{"goal":"Change number {{number}}"}""")))));
            events.Add(new RunEvent.CallEnded(id, number % 3 == 0
                ? new CallResult(WorkerClaim.Failed, CallResult.ReplyValidity.Valid) { Error = new CallResult.Failure(CallResult.Failure.Codes.WorkerFailed, $"Number {number} cannot be changed: {new string('x', 300)}") }
                : new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid) { Output = Payload.Of(Json($$"""{"notes":"{{new string('y', 300)}}"}""")) }));
        }

        return State(new TaskRequest("Mend the drafts"), [.. events]);
    }

    private static TaskState State(TaskRequest task, params RunEvent[] events)
    {
        var limits = new Budget { Steps = 9, Tokens = 100_000, Cost = 3 };
        RunEvent[] all = [new RunEvent.Accepted(task, new RunEvent.Accepted.Terms("open", "1", limits)), new RunEvent.Claimed("host", 1), .. events];
        return TaskState.Fold(new RunId(Guid.Empty), all.Select((each, index) => new RunEvent.Recorded(index + 1, Noon.AddSeconds(index), each)));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
