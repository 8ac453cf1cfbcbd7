using Orchestrator.Contracts;

namespace Orchestrator.Tests;

public sealed class TaskStateTests
{
    private static readonly CallId First = new(1);
    private static readonly CallId Second = new(2);

    public static TheoryData<string> EveryKind => [.. EveryEvent.Samples.Select(RunEventJson.KindOf)];

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void The_fold_knows_every_case(string kind)
    {
        var sample = EveryEvent.Samples.Single(each => RunEventJson.KindOf(each) == kind);
        var state = sample is RunEvent.CallCreated ? After() : After(Created(), Created());
        var fitting = sample is RunEvent.CallCreated created ? created with { Request = created.Request with { RequiredFor = null } } : sample;

        var next = state.Apply(new RunEvent.Recorded(state.Sequence + 1, state.At, fitting));

        Assert.Equal(state.Sequence + 1, next.Sequence);
    }

    [Fact]
    public void An_event_out_of_order_is_refused()
    {
        var state = After();

        Assert.Throws<JournalCorruptException>(() => state.Apply(new RunEvent.Recorded(state.Sequence, state.At, new RunEvent.Paused(""))));
        Assert.Throws<JournalCorruptException>(() => state.Apply(new RunEvent.Recorded(state.Sequence + 2, state.At, new RunEvent.Paused(""))));
    }

    [Fact]
    public void An_event_about_a_call_that_does_not_exist_or_has_ended_is_refused()
    {
        Assert.Throws<JournalCorruptException>(() => After(new RunEvent.CallStarted(First, null)));
        Assert.Throws<JournalCorruptException>(() => After(Created(), Ended(First), Ended(First)));
        Assert.Throws<JournalCorruptException>(() => After(new RunEvent.CallCreated(Second, new WorkerCall("a", default))));
    }

    [Fact]
    public void A_call_goes_from_waiting_to_done()
    {
        var waiting = After(Created());
        var running = After(Created(), new RunEvent.CallStarted(First, null));
        var asking = After(Created(), new RunEvent.CallStarted(First, null), new RunEvent.QuestionAsked(First, new Person.Question("May it?")));
        var done = After(Created(), new RunEvent.CallStarted(First, null), Ended(First));

        Assert.Equal([CallState.Phase.Waiting, CallState.Phase.Running, CallState.Phase.AwaitingAnswer, CallState.Phase.Done], new[] { waiting, running, asking, done }.Select(state => state.Find(First)!.Status));
        Assert.Equal((3, 4, 5), (done.Find(First)!.CreatedSequence, done.Find(First)!.StartedSequence, done.Find(First)!.EndedSequence));
        Assert.True(done.Find(First)!.Succeeded);
        Assert.Empty(done.OpenCalls);
        Assert.Single(done.Calls);
        Assert.Null(done.Find(Second));
        Assert.Null(done.Find(CallId.Decider));
    }

    [Fact]
    public void A_reply_is_kept_until_the_call_ends()
    {
        var reply = new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid);

        var replied = After(Created(), new RunEvent.CallReplied(First, reply));
        var ended = After(Created(), new RunEvent.CallReplied(First, reply), Ended(First));

        Assert.Same(reply, replied.Find(First)!.Reply);
        Assert.Null(ended.Find(First)!.Reply);
        Assert.NotNull(ended.Find(First)!.Result);
    }

    [Fact]
    public void A_required_call_holds_back_the_one_it_is_required_for()
    {
        var state = After(
            Created(),
            new RunEvent.CallStarted(First, null),
            new RunEvent.CallCreated(Second, new WorkerCall("person", default) { RequiredFor = First, RequiredBy = "approval" }));

        Assert.Equal(CallState.Phase.Waiting, state.Find(First)!.Status);
        Assert.Equal([Second], state.Find(First)!.Requirements);
    }

    [Fact]
    public void A_replan_keeps_the_calls_of_steps_that_stay_as_they_were_and_did_not_fail()
    {
        PlanStep kept = new("kept", "edit", "a"), changed = new("changed", "edit", "b"), failed = new("failed", "edit", "c"), dropped = new("dropped", "edit", "d");
        var state = After(
            new RunEvent.DecisionMade(2, new Decision.Replan(new Plan([kept, changed, failed, dropped]))),
            Created("kept"), Created("changed"), Created("failed"), Created("dropped"),
            new RunEvent.CallEnded(new CallId(3), CallResult.OfFailure(CallResult.Failure.Codes.WorkerFailed, "It threw.")),
            new RunEvent.DecisionMade(8, new Decision.Replan(new Plan([kept, changed with { Description = "other" }, failed]))));

        Assert.Equal(First, state.FindStep("kept")?.Id);
        Assert.Null(state.FindStep("changed"));
        Assert.Null(state.FindStep("failed"));
        Assert.Null(state.FindStep("dropped"));
        Assert.Equal(3, state.OpenCalls.Count);
    }

    [Fact]
    public void Every_answer_of_the_decider_is_a_step_but_a_deferred_one_counts_once()
    {
        var deferred = new RunEvent.DecisionDeferred(2, new Decision.Finish("done"), [First]);
        var finish = new RunEvent.DecisionMade(2, new Decision.Finish("done"));
        var rejected = new RunEvent.DecisionRejected(2, "no", Payload.None);

        Assert.Equal(1, After(rejected).Steps);
        Assert.Equal(2, After(rejected, finish).Steps);
        Assert.Equal(1, After(deferred, finish).Steps);
        Assert.Equal(1, After(deferred, deferred, rejected).Steps);
        Assert.Equal("no", After(rejected).LastRejection);
        Assert.Equal("", After(rejected, finish).LastRejection);
        Assert.Null(After(deferred, finish).Deferred);
    }

    [Fact]
    public void Only_active_driving_counts_as_run_time()
    {
        var start = RandomRun.Opening[0].At;
        RunEvent.Recorded[] events =
        [
            new(1, start, RandomRun.Opening[0].Event),
            new(2, start.AddHours(1), new RunEvent.Claimed("host-1", 1)),
            new(3, start.AddHours(1).AddSeconds(10), new RunEvent.Paused("waits")),
            new(4, start.AddHours(5), new RunEvent.QuestionAnswered(First, "yes", "user", 1)),
            new(5, start.AddHours(6), new RunEvent.Claimed("host-2", 2)),
            new(6, start.AddHours(6).AddSeconds(5), new RunEvent.LimitReached(Budget.Limit.Steps, "")),
            new(7, start.AddHours(6), new RunEvent.LimitReached(Budget.Limit.Steps, "a clock that went back")),
        ];

        Assert.Equal(TimeSpan.FromSeconds(15), TaskState.Fold(RandomRun.Run, events).ActiveTime);
    }

    [Fact]
    public void Mail_that_was_read_never_becomes_new_again()
    {
        Assert.Equal(4, After(new RunEvent.CommandRefused("no", 4), new RunEvent.CancelRequested("the engine itself", 0)).LastMail);
        Assert.Equal(4, After(new RunEvent.CancelRequested("x", 4), new RunEvent.QuestionAnswered(First, null, "", 0)).LastMail);
        Assert.Equal(4, After(new RunEvent.CancelRequested("x", 4), new RunEvent.BudgetRaised(new Budget(), 2)).LastMail);
    }

    [Fact]
    public void A_raised_budget_replaces_only_what_it_sets()
    {
        var state = After(new RunEvent.BudgetRaised(new Budget { Cost = 5m }, 1));

        Assert.Equal((5m, 50), (state.Limits.Cost, state.Limits.Steps));
        Assert.Null(state.Registration.Limits.Cost);
    }

    [Fact]
    public void The_newest_objections_are_kept_and_permissions_are_not()
    {
        var verdicts = Enumerable.Range(0, 80).Select(index => new RunEvent.VerdictGiven("p", IPolicy.Subject.At.Call, null, $"{index}", index % 2 == 0 ? new Verdict.Deny("no") : Verdict.Allowed));

        var state = After([.. verdicts]);

        Assert.Equal(Enumerable.Range(8, 32).Select(index => $"{2 * index}"), state.Objections.Select(objection => objection.Subject));
    }

    [Fact]
    public void An_event_from_a_newer_version_is_named_and_changes_nothing_else()
    {
        var state = After(new RunEvent.Unknown("call.split", 3, default));

        Assert.Equal("call.split/3", state.UnknownEvent);
        Assert.Equal(RunStatus.Running, state.Status);
    }

    [Fact]
    public void A_run_that_ended_stays_ended_when_it_is_claimed()
    {
        var state = After(new RunEvent.Finished(RunStatus.Failed, "no", [], Payload.None), new RunEvent.Claimed("host-2", 2));

        Assert.True(state.HasEnded);
        Assert.Equal(RunStatus.Failed, state.Status);
    }

    [Fact]
    public void Many_calls_can_be_found_by_number_and_by_capability()
    {
        var state = After([.. Enumerable.Range(1, 100).SelectMany(number => new RunEvent[]
        {
            new RunEvent.CallCreated(new CallId(number), new WorkerCall($"w{number % 10}", default)),
            Ended(new CallId(number)),
        })]);

        Assert.Equal(Enumerable.Range(1, 100), state.Calls.Select(call => call.Id.Number));
        Assert.Equal(42, state.Calls[41].Id.Number);
        Assert.Equal(93, state.Latest("w3")?.Id.Number);
        Assert.Null(state.Latest("other"));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Calls[100]);
    }

    private static RunEvent.CallEnded Ended(CallId call) => new(call, new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid));

    private static CreatedCall Created(string? step = null) => new(step);

    private static TaskState After(params ToBeNumbered[] events)
    {
        var state = TaskState.Fold(RandomRun.Run, RandomRun.Opening);
        foreach (var each in events)
        {
            state = state.Apply(new RunEvent.Recorded(state.Sequence + 1, state.At, each.At(state)));
        }

        return state;
    }

    /// <summary>An event, or a call whose number is still to be found.</summary>
    private abstract record ToBeNumbered
    {
        public abstract RunEvent At(TaskState state);

        public static implicit operator ToBeNumbered(RunEvent recorded) => new Fixed(recorded);

        private sealed record Fixed(RunEvent Event) : ToBeNumbered
        {
            public override RunEvent At(TaskState state) => Event;
        }
    }

    private sealed record CreatedCall(string? Step) : ToBeNumbered
    {
        public override RunEvent At(TaskState state) => new RunEvent.CallCreated(new CallId(state.Calls.Count + 1), new WorkerCall("code_edit", default) { Step = Step });
    }
}
