using System.Text.Json.Serialization;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>A call as the journal knows it.</summary>
/// <param name="Id">The call's name within its run.</param>
/// <param name="Call">What was asked for.</param>
/// <param name="Status">Where it stands.</param>
/// <remarks>Immutable.</remarks>
public sealed record CallState(CallId Id, WorkerCall Call, CallState.Phase Status)
{
    private Phase _status = Status;
    private long _startedAt;
    private IWorkspace.Revision? _base;

    /// <summary>Where it stands.</summary>
    public Phase Status { get => _status; init => _status = value; }

    /// <summary>Sequence of the event that created it.</summary>
    public long CreatedSequence { get; init; }

    /// <summary>Sequence of the last event that started it; zero before that.</summary>
    public long StartedSequence { get => _startedAt; init => _startedAt = value; }

    /// <summary>Sequence of the event that ended it; zero before that.</summary>
    public long EndedSequence { get; init; }

    /// <summary>The revision its input was bound from; <see langword="null"/> before it started or where there is no repository.</summary>
    public IWorkspace.Revision? Base { get => _base; init => _base = value; }

    /// <summary>The attempts it made so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Calls that policies required before this one may go on; they must have ended.</summary>
    public IReadOnlyList<CallId> Requirements { get; init; } = [];

    /// <summary>The worker's reply, where it is recorded and its patch is not applied yet.</summary>
    public CallResult? Reply { get; init; }

    /// <summary>Whether its patch is about to be committed, or has been and the receipt is missing.</summary>
    public bool IsCommitting { get; init; }

    /// <summary>The question it waits for, where it asked one.</summary>
    public Person.Question? Question { get; init; }

    /// <summary>How it ended; <see langword="null"/> before that.</summary>
    public CallResult? Result { get; init; }

    /// <summary>Whether it ended and others may build on it.</summary>
    public bool Succeeded => Result is { Succeeded: true };

    /// <summary>Whether it ended and nothing may build on it.</summary>
    public bool Failed => Result is { Succeeded: false };

    /// <summary>Whether it ended without having been carried out, because others failed or the decider went on without it.</summary>
    internal bool WasGivenUp => Result?.Error?.Code is CallResult.Failure.Codes.Abandoned or CallResult.Failure.Codes.Blocked;

    /// <summary>Starts a call that nobody has seen yet, because the same batch created it.</summary>
    internal void StartUnseen(long sequence, IWorkspace.Revision? revision) => (_status, _startedAt, _base) = (Phase.Running, sequence, revision);

    /// <summary>Where a call stands.</summary>
    public enum Phase
    {
        /// <summary>It waits for other calls.</summary>
        [JsonStringEnumMemberName("waiting")] Waiting,

        /// <summary>Everything it needs exists; it starts as soon as policies and the cap on parallel calls let it.</summary>
        [JsonStringEnumMemberName("ready")] Ready,

        /// <summary>Its intent is recorded and its outcome is not.</summary>
        [JsonStringEnumMemberName("running")] Running,

        /// <summary>It asked a person.</summary>
        [JsonStringEnumMemberName("awaiting_answer")] AwaitingAnswer,

        /// <summary>Its outcome is recorded.</summary>
        [JsonStringEnumMemberName("done")] Done,
    }
}
