using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator;

/// <summary>Every kind of event that this version writes. Names never change and are never used again for anything else.</summary>
internal static class RunEventKinds
{
    private static readonly JsonSerializerOptions Options = WireJson.Tolerant(CoreJsonContext.Default);

    public static FrozenDictionary<Type, RunEventKind> ByType { get; } = All().ToFrozenDictionary(kind => kind.Type);

    public static FrozenDictionary<string, RunEventKind> ByName { get; } = ByType.Values.ToFrozenDictionary(kind => kind.Name);

    /// <summary>The kinds by their whole text, for the common case that an event is of the version that is written today.</summary>
    public static FrozenDictionary<string, RunEventKind> ByText { get; } = ByType.Values.ToFrozenDictionary(kind => kind.Text);

    public static JsonTypeInfo<IRunJournal.Command> Command { get; } = (JsonTypeInfo<IRunJournal.Command>)Options.GetTypeInfo(typeof(IRunJournal.Command));

    private static IEnumerable<RunEventKind> All() =>
    [
        Kind<RunEvent.Accepted>("run.accepted", 1),
        Kind<RunEvent.Claimed>("run.claimed", 1),
        Kind<RunEvent.WorkspaceOpened>("workspace.opened", 1),
        Kind<RunEvent.DecisionMade>("decision.made", 1),
        Kind<RunEvent.DecisionDeferred>("decision.deferred", 1),
        Kind<RunEvent.DecisionRejected>("decision.rejected", 1),
        Kind<RunEvent.VerdictGiven>("verdict.given", 1),
        Kind<RunEvent.CallCreated>("call.created", 1),
        Kind<RunEvent.CallStarted>("call.started", 1),
        Kind<RunEvent.FilesRead>("files.read", 1),
        Kind<RunEvent.AttemptStarted>("attempt.started", 1),
        Kind<RunEvent.AttemptEnded>("attempt.ended", 1),
        Kind<RunEvent.CallReplied>("call.replied", 1),
        Kind<RunEvent.CommitStarted>("commit.started", 1),
        Kind<RunEvent.CommitEnded>("commit.ended", 1),
        Kind<RunEvent.CallEnded>("call.ended", 1),
        Kind<RunEvent.QuestionAsked>("question.asked", 1),
        Kind<RunEvent.QuestionAnswered>("question.answered", 1),
        Kind<RunEvent.CancelRequested>("cancel.requested", 1),
        Kind<RunEvent.BudgetRaised>("budget.raised", 1),
        Kind<RunEvent.CommandRefused>("command.refused", 1),
        Kind<RunEvent.Paused>("run.paused", 1),
        Kind<RunEvent.LimitReached>("limit.reached", 1),
        Kind<RunEvent.Finished>("run.finished", 1),
        Kind<RunEvent.Noted>("noted", 1),
    ];

    private static RunEventKind Kind<T>(string name, int version)
        where T : RunEvent => new(name, version, typeof(T), () => Options.GetTypeInfo(typeof(T)));
}
