using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Tests;

/// <summary>Makes runs that could have happened out of arbitrary numbers, for properties of the fold.</summary>
internal static class RandomRun
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RunId Run { get; } = new(Guid.Parse("00000000-0000-4000-8000-000000000001"));

    /// <summary>The first two events, which every run has.</summary>
    public static IReadOnlyList<RunEvent.Recorded> Opening { get; } =
    [
        new(1, Start, new RunEvent.Accepted(new TaskRequest("Fix it") { Tenant = "acme" }, new RunEvent.Accepted.Terms("bugfix", "1", new Budget { Steps = 50 }))),
        new(2, Start, new RunEvent.Claimed("host-1", 1)),
    ];

    public static IReadOnlyList<RunEvent.Recorded> Of(IEnumerable<int> choices)
    {
        var events = Opening.ToList();
        Extend(events, choices);
        return events;
    }

    public static void Extend(List<RunEvent.Recorded> events, IEnumerable<int> choices)
    {
        var state = TaskState.Fold(Run, events);
        foreach (var choice in choices)
        {
            var recorded = new RunEvent.Recorded(state.Sequence + 1, state.At + TimeSpan.FromSeconds(Math.Abs(choice % 7)), Next(state, choice & int.MaxValue));
            events.Add(recorded);
            state = state.Apply(recorded);
        }
    }

    /// <summary>Everything that a state shows, as text; record equality does not look into lists.</summary>
    public static string Show(TaskState state) => JsonSerializer.Serialize(new
    {
        state.Run.Value, state.Sequence, state.At, state.Status, state.Summary, state.Task, state.Registration, state.Limits, state.Base, state.Branch, state.Notes,
        state.Head, state.Epoch, state.Plan, Calls = state.Calls.ToList(), Open = state.OpenCalls.Select(call => call.Id).ToList(), state.Steps,
        LastDecision = state.LastDecision?.Fingerprint(), state.LastDecisionSequence, state.LastRejection,
        Objections = state.Objections.Select(objection => objection.Subject).ToList(), state.Usage, state.Cost, state.ActiveTime, state.HasEnded,
        state.Facts.Artifacts, Steps2 = state.PlanProgress.Calls.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}").ToList(),
        Held = state.Spending.Holds.ToList(), Until = state.Deferred?.Until, state.CancelRequested, state.Limit, state.LastMail, state.UnknownEvent,
    });

    private static RunEvent Next(TaskState state, int choice)
    {
        var open = state.OpenCalls;
        var call = open.Count > 0 ? open[choice / 32 % open.Count] : null;
        return (choice % 24) switch
        {
            0 or 1 or 2 => Create(state, choice),
            3 or 4 when call is not null => new RunEvent.CallStarted(call.Id, state.Head),
            5 or 6 or 7 when call is not null => new RunEvent.CallEnded(call.Id, choice % 2 == 0 ? new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid) : CallResult.OfFailure("worker_failed", "It threw.")),
            8 or 9 when call is not null => new RunEvent.AttemptStarted(call.Id, call.Attempts + 1, new WorkerCall.Intent(WorkerCall.AttemptKind.Model, "coder", $"{choice}") { HeldCost = 0.5m, HeldTokens = new(100, 50) }),
            10 when state.Spending.Holds is [var hold, ..] => new RunEvent.AttemptEnded(hold.Call, hold.Attempt, new WorkerCall.Receipt(true) { Cost = 0.25m, Usage = new(80, 20) }),
            11 => new RunEvent.DecisionMade(state.Sequence, new Decision.Replan(SomePlan(choice))),
            12 => new RunEvent.DecisionMade(state.Sequence, new Decision.Continue(Decision.WakeOn.Idle)),
            13 => new RunEvent.DecisionRejected(state.Sequence, $"No: {choice}", Payload.None),
            14 => new RunEvent.DecisionDeferred(state.Sequence, new Decision.Finish("done"), [new CallId(1)]),
            15 => new RunEvent.VerdictGiven("p", IPolicy.Subject.At.Call, call?.Id, $"{choice}", choice % 2 == 0 ? Verdict.Allowed : new Verdict.Deny("no")),
            16 => new RunEvent.Paused("waits"),
            17 => new RunEvent.Claimed($"host-{choice % 3}", state.Epoch + 1),
            18 => new RunEvent.CancelRequested("enough", state.LastMail + 1),
            19 => new RunEvent.BudgetRaised(new Budget { Cost = choice % 100 }, state.LastMail + 1),
            20 when call is not null => new RunEvent.QuestionAsked(call.Id, new Person.Question("May it?")),
            21 when call is not null => new RunEvent.CallReplied(call.Id, new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid)),
            22 => new RunEvent.WorkspaceOpened(new IWorkspace.Revision($"{choice}", "t", "c"), "b", []),
            23 => new RunEvent.Finished((RunStatus)(2 + (choice % 4)), "end", ["a"], Payload.None),
            _ => new RunEvent.Noted("acme.note", 1, EveryEvent.Json($"{choice}")),
        };
    }

    private static RunEvent.CallCreated Create(TaskState state, int choice) => new(
        new CallId(state.Calls.Count + 1),
        new WorkerCall($"worker_{choice % 3}", Payload.None)
        {
            Step = choice % 5 == 0 ? $"s{choice % 4}" : null,
            RequiredFor = choice % 7 == 0 && state.OpenCalls is [var held, ..] ? held.Id : null,
        });

    private static Plan SomePlan(int choice) =>
        new([.. Enumerable.Range(0, choice % 4).Select(index => new PlanStep($"s{index}", "edit", $"Step {choice / 24 % 3}"))]);
}
