using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>One fact about a run. A run is its events, and everything else is a view of them.</summary>
/// <remarks>
/// The set of cases is closed to this package. On disk each has a name and a version (<c>call.ended/1</c>) and never a CLR name. Other packages record
/// their own facts as <see cref="Noted"/>; facts from a newer version of this package read as <see cref="Unknown"/>.
/// </remarks>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>A task was accepted, under this registration.</summary>
    public sealed record Accepted(TaskRequest Task, Accepted.Terms Registration) : RunEvent
    {
        /// <summary>What a run was accepted under, so that a host with another registration notices before it drives the run on.</summary>
        /// <param name="Workflow">Name of the workflow.</param>
        /// <param name="WorkflowVersion">Version of the workflow.</param>
        /// <param name="Limits">The limits that hold, defaults filled in.</param>
        public sealed record Terms(string Workflow, string WorkflowVersion, Budget Limits)
        {
            /// <summary>The capabilities and their versions, as <c>code_edit/1</c>.</summary>
            public IReadOnlyList<string> Capabilities { get; init => field = value ?? []; } = [];

            /// <summary>Ids of the policies, in the order they judge.</summary>
            public IReadOnlyList<string> Policies { get; init => field = value ?? []; } = [];

            /// <summary>Hash of the prompt of each capability that has one.</summary>
            public IReadOnlyDictionary<string, string> Prompts { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

            /// <summary>Names of the registered models.</summary>
            public IReadOnlyList<string> Models { get; init => field = value ?? []; } = [];
        }
    }

    /// <summary>A host took the run over; whoever had it before can append no more.</summary>
    public sealed record Claimed(string Owner, long Epoch) : RunEvent;

    /// <summary>The repository was opened, at this revision.</summary>
    public sealed record WorkspaceOpened(IWorkspace.Revision Base, string Branch, IReadOnlyList<string> Notes) : RunEvent
    {
        /// <summary>What a person should know about how it was opened.</summary>
        public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = Notes ?? [];
    }

    /// <summary>The decider decided, having seen the run up to <paramref name="BasedOn"/>.</summary>
    public sealed record DecisionMade(long BasedOn, Decision Decision) : RunEvent;

    /// <summary>The decider's answer could not be carried out; it is asked again, and the answer counts as a step.</summary>
    public sealed record DecisionRejected(long BasedOn, string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Payload Answer) : RunEvent;

    /// <summary>A plan or a finish waits for calls that a policy required; then it is judged again, without asking the decider.</summary>
    public sealed record DecisionDeferred(long BasedOn, Decision Decision, IReadOnlyList<CallId> Until) : RunEvent
    {
        /// <summary>The calls it waits for.</summary>
        public IReadOnlyList<CallId> Until { get; init => field = value ?? []; } = Until ?? [];
    }

    /// <summary>A policy judged a plan, a call, a patch or the finish.</summary>
    /// <param name="Policy">The policy's id.</param>
    /// <param name="Stage">What it judged.</param>
    /// <param name="Call">The call concerned, where there is one.</param>
    /// <param name="Subject">Hash of exactly what it judged.</param>
    /// <param name="Verdict">What it said.</param>
    public sealed record VerdictGiven(string Policy, IPolicy.Subject.At Stage, CallId? Call, string Subject, Verdict Verdict) : RunEvent;

    /// <summary>A call came about.</summary>
    public sealed record CallCreated(CallId Call, WorkerCall Request) : RunEvent;

    /// <summary>A call is about to run: its intent. Whatever it reads, it reads from <paramref name="Base"/>.</summary>
    public sealed record CallStarted(CallId Call, IWorkspace.Revision? Base) : RunEvent;

    /// <summary>A running call read files. Recorded before anything is done with them.</summary>
    public sealed record FilesRead(CallId Call, IReadOnlyList<SourceFile.Reading> Reads) : RunEvent
    {
        /// <summary>The files it read.</summary>
        public IReadOnlyList<SourceFile.Reading> Reads { get; init => field = value ?? []; } = Reads ?? [];
    }

    /// <summary>A model request or a command is about to start; money for it is held from here on.</summary>
    public sealed record AttemptStarted(CallId Call, int Attempt, WorkerCall.Intent Intent) : RunEvent;

    /// <summary>A model request or a command ended: its receipt. Its hold is settled.</summary>
    public sealed record AttemptEnded(CallId Call, int Attempt, WorkerCall.Receipt Receipt) : RunEvent;

    /// <summary>A worker replied with a patch: the reply is safe before anything is done with it.</summary>
    public sealed record CallReplied(CallId Call, CallResult Reply) : RunEvent;

    /// <summary>A patch is about to be committed.</summary>
    public sealed record CommitStarted(CallId Call, IWorkspace.Revision Parent, string PatchHash) : RunEvent;

    /// <summary>A patch was committed, and the branch stands at <paramref name="Head"/>.</summary>
    public sealed record CommitEnded(CallId Call, IWorkspace.Revision Head, IReadOnlyList<RepoPath> Paths) : RunEvent
    {
        /// <summary>Every path that the patch changed.</summary>
        public IReadOnlyList<RepoPath> Paths { get; init => field = value ?? []; } = Paths ?? [];
    }

    /// <summary>A call ended.</summary>
    public sealed record CallEnded(CallId Call, CallResult Result) : RunEvent;

    /// <summary>A person was asked.</summary>
    public sealed record QuestionAsked(CallId Call, Person.Question Question) : RunEvent;

    /// <summary>A person answered, or the deadline answered for them.</summary>
    /// <param name="Call">The call that asked.</param>
    /// <param name="Answer">The answer; <see langword="null"/> where the deadline passed without a default.</param>
    /// <param name="By">Who answered; empty where nobody said.</param>
    /// <param name="Mail">Number of the command in the mailbox; zero where the deadline answered.</param>
    public sealed record QuestionAnswered(CallId Call, string? Answer, string By, long Mail) : RunEvent;

    /// <summary>Somebody asked for the run to end.</summary>
    public sealed record CancelRequested(string Reason, long Mail) : RunEvent;

    /// <summary>Somebody raised the run's limits.</summary>
    public sealed record BudgetRaised(Budget Budget, long Mail) : RunEvent;

    /// <summary>A command from outside could not be carried out, and why.</summary>
    public sealed record CommandRefused(string Reason, long Mail) : RunEvent;

    /// <summary>The run cannot go on before something from outside changes.</summary>
    public sealed record Paused(string Reason) : RunEvent;

    /// <summary>A limit ended the run's work.</summary>
    public sealed record LimitReached(Budget.Limit Limit, string Detail) : RunEvent;

    /// <summary>The run ended.</summary>
    public sealed record Finished(RunStatus Status, string Summary, IReadOnlyList<string> Artifacts, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Payload Diff) : RunEvent
    {
        /// <summary>Names of what is handed over beside branch and diff.</summary>
        public IReadOnlyList<string> Artifacts { get; init => field = value ?? []; } = Artifacts ?? [];
    }

    /// <summary>A fact of another package. It never drives the engine.</summary>
    public sealed record Noted(string Kind, int Version, JsonElement Data) : RunEvent;

    /// <summary>A fact from a newer version of this package. The run can be viewed but not driven.</summary>
    public sealed record Unknown(string Kind, int Version, JsonElement Data) : RunEvent;

    /// <summary>The kind of an event with its version, as a journal keeps it, such as <c>call.ended/1</c>.</summary>
    public static string KindOf(RunEvent recorded) => RunEventJson.KindOf(recorded);

    /// <summary>Reads an event from what a journal kept: its kind with its version, and its JSON in UTF-8.</summary>
    /// <remarks>
    /// Tolerant: members that this version does not know are passed over, missing lists are empty, and an event of a kind or version that it does not know
    /// becomes <see cref="Unknown"/>, which is written back as it was.
    /// </remarks>
    /// <exception cref="JournalCorruptException">The kind or the JSON is not what any version writes.</exception>
    public static RunEvent ReadJson(string kind, ReadOnlySpan<byte> json) => RunEventJson.Read(kind, json);

    /// <summary>Writes this event as JSON in UTF-8; its kind is not part of that.</summary>
    public void WriteJson(IBufferWriter<byte> output) => RunEventJson.Write(this, output);

    /// <summary>An event in its place.</summary>
    /// <param name="Sequence">One for a run's first event, and one more for each further one.</param>
    /// <param name="At">When it was appended.</param>
    /// <param name="Event">The fact.</param>
    public readonly record struct Recorded(long Sequence, DateTimeOffset At, RunEvent Event)
    {
        /// <summary>What every <see cref="IRunJournal"/> checks about a batch before it looks at the run.</summary>
        /// <exception cref="ArgumentException">The batch is empty, is not numbered from the expected sequence on, or holds a claim.</exception>
        public static void CheckBatch(long expectedSequence, IReadOnlyList<Recorded> events)
        {
            ArgumentNullException.ThrowIfNull(events);
            ArgumentOutOfRangeException.ThrowIfNegative(expectedSequence);
            if (events.Count == 0)
            {
                throw new ArgumentException("A batch holds at least one event.", nameof(events));
            }

            for (var i = 0; i < events.Count; i++)
            {
                var recorded = events[i];
                if (recorded.Sequence != expectedSequence + 1 + i)
                {
                    throw new ArgumentException($"Event {i + 1} of the batch has sequence {recorded.Sequence}; after {expectedSequence} it must be {expectedSequence + 1 + i}.", nameof(events));
                }

                if (recorded.Event is null or Claimed)
                {
                    throw new ArgumentException("A batch holds facts, and no claim: claim the run instead.", nameof(events));
                }
            }
        }
    }
}
