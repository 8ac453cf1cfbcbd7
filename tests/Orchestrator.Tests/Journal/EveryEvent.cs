using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Tests;

/// <summary>One event of every kind with every member filled in. The golden file holds exactly these, so a change here is a change of what is on disk.</summary>
internal static class EveryEvent
{
    private static readonly IWorkspace.Revision Base = new("c0ffee", "7ree", "");
    private static readonly IWorkspace.Revision Head = new("beef", "7ree2", "c4ange");

    public static WorkerCall SomeCall { get; } = new("code_edit", Payload.Of(Json("""{"goal":"Fix the crash","paths":["app/drafts.cs"]}""")))
    {
        Version = 1,
        DependsOn = [new CallId(1)],
        Step = "edit",
        RequiredBy = "approval",
        RequiredFor = new CallId(2),
        BoundTo = "ab12",
    };

    public static CallResult SomeResult { get; } = new(WorkerClaim.Partial, CallResult.ReplyValidity.Repaired)
    {
        Output = Payload.AsBlob("abcd", 5000, isProtected: true),
        Error = new CallResult.Failure(CallResult.Failure.Codes.PatchStale, "The file has changed."),
        Warnings = ["unknown member 'mood'"],
        Applied = Head,
        Evidence = new TestReport.Evidence("7ree2", Green: true, Passed: 12, Failed: 1)
        {
            Outcome = TestReport.Result.Failed,
            Failing = ["Drafts.Saving_crashes"],
            Whole = false,
        },
    };

    public static Plan SomePlan { get; } = new(
    [
        new PlanStep("look", "analysis", "Find out why saving crashes"),
        new PlanStep("edit", "edit", "Guard against a missing title")
        {
            Capability = "code_edit",
            DependsOn = ["look"],
            Reads = ["app/drafts.cs"],
            Writes = ["app/drafts.cs"],
            CostGuess = 0.25m,
            Input = Payload.Of(Json("""{"goal":"Fix it"}""")),
        },
    ]);

    public static IReadOnlyList<RunEvent> Samples { get; } =
    [
        new RunEvent.Accepted(
            new TaskRequest("Fix the crash when saving drafts – “now” <b>")
            {
                Id = "T-17",
                Scope = new TaskRequest.RepoScope { Repo = "drafts", Paths = ["app/**"], TargetTests = ["Drafts.Saves_null"], Revision = "main" },
                Constraints = ["No new packages"],
                Attachments = [new TaskRequest.Attachment("crash.log", "NullReferenceException\n   at Drafts.Save()")],
                Labels = new Dictionary<string, string> { ["team"] = "editor" },
                Budget = new Budget { Cost = 1.5m, Tokens = 100_000, Steps = 20, RunTime = TimeSpan.FromMinutes(5) },
                Workflow = "bugfix",
                Tenant = "acme",
            },
            new RunEvent.Accepted.Terms("bugfix", "1", new Budget { Steps = 20 })
            {
                Capabilities = ["code_edit/1"],
                Policies = ["only_touch"],
                Prompts = new Dictionary<string, string> { ["code_edit/1"] = "9f" },
                Models = ["coder"],
            }),
        new RunEvent.Claimed("host-1", 1),
        new RunEvent.WorkspaceOpened(Base, "orchestrator/run", ["The checkout has changes that are left out."]),
        new RunEvent.DecisionMade(3, new Decision.CallWorker([new WorkerCall("analysis", Payload.Of(Json("""{"goal":"Find it"}""")))])),
        new RunEvent.DecisionDeferred(4, new Decision.Replan(SomePlan), [new CallId(1), new CallId(2)]),
        new RunEvent.DecisionRejected(5, "'worker_id' is missing.", Payload.Of("I would rather not.")),
        new RunEvent.VerdictGiven("approval", IPolicy.Subject.At.Patch, new CallId(1), "ab12", new Verdict.Require(SomeCall, "Somebody must look at it.")),
        new RunEvent.CallCreated(new CallId(1), SomeCall),
        new RunEvent.CallStarted(new CallId(1), Base),
        new RunEvent.FilesRead(new CallId(1), [new SourceFile.Reading(RepoPath.Parse("app/model.cs"), "")]),
        new RunEvent.AttemptStarted(new CallId(1), 1, new WorkerCall.Intent(WorkerCall.AttemptKind.Model, "coder", "77")
        {
            Prompt = "code_edit/1",
            PromptHash = "9f",
            HeldTokens = new TokenUsage(1000, 4096),
            HeldCost = 0.11m,
        }),
        new RunEvent.AttemptEnded(new CallId(1), 1, new WorkerCall.Receipt(true)
        {
            Reply = Payload.Of("Done."),
            Model = "coder-5",
            Usage = new TokenUsage(800, 200),
            Cost = 0.04m,
            Error = "none",
            Duration = TimeSpan.FromMilliseconds(1500),
        }),
        new RunEvent.CallReplied(new CallId(1), SomeResult),
        new RunEvent.CommitStarted(new CallId(1), Base, "ff00"),
        new RunEvent.CommitEnded(new CallId(1), Head, [RepoPath.Parse("app/drafts.cs")]),
        new RunEvent.CallEnded(new CallId(1), SomeResult),
        new RunEvent.QuestionAsked(new CallId(2), new Person.Question("May it land?")
        {
            Options = ["yes", "no"],
            Deadline = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Default = "no",
        }),
        new RunEvent.QuestionAnswered(new CallId(2), "yes", "user", 1),
        new RunEvent.CancelRequested("Not needed any more.", 2),
        new RunEvent.BudgetRaised(new Budget { Cost = 3m }, 3),
        new RunEvent.CommandRefused("c9 asks nothing.", 4),
        new RunEvent.Paused("Waits for user."),
        new RunEvent.LimitReached(Budget.Limit.Cost, "1.50 of 1.50 is spent or held."),
        new RunEvent.Finished(RunStatus.Partial, "Half of it.", ["notes.md"], Payload.AsBlob("dddd", 70000, isProtected: false)),
        new RunEvent.Noted("acme.reviewed", 2, Json("""{"by":"user","stars":5}""")),
        new RunEvent.Unknown("call.split", 3, Json("""{ "call": "c1",  "into": 2 }""")),
    ];

    /// <summary>Every case of the union, whether there is a sample of it or not.</summary>
    public static IReadOnlyList<Type> Cases { get; } = [.. typeof(RunEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RunEvent)))];

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
