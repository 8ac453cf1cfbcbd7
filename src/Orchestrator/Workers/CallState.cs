using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>A call as the journal knows it.</summary>
/// <param name="Id">The call's name within its run.</param>
/// <param name="Call">What was asked for.</param>
/// <param name="Status">Where it stands.</param>
/// <remarks>Immutable.</remarks>
public sealed record CallState(CallId Id, WorkerCall Call, CallStatus Status)
{
    private CallStatus _status = Status;
    private long _startedAt;
    private WorkspaceRevision? _base;

    /// <summary>Where it stands.</summary>
    public CallStatus Status { get => _status; init => _status = value; }

    /// <summary>Sequence of the event that created it.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Sequence of the last event that started it; zero before that.</summary>
    public long StartedAt { get => _startedAt; init => _startedAt = value; }

    /// <summary>Sequence of the event that ended it; zero before that.</summary>
    public long EndedAt { get; init; }

    /// <summary>The revision its input was bound from; <see langword="null"/> before it started or where there is no repository.</summary>
    public WorkspaceRevision? Base { get => _base; init => _base = value; }

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

    /// <summary>Starts a call that nobody has seen yet, because the same batch created it.</summary>
    internal void StartUnseen(long sequence, WorkspaceRevision? revision) => (_status, _startedAt, _base) = (CallStatus.Running, sequence, revision);
}
