using Microsoft.Extensions.AI;

namespace Orchestrator.Testing;

/// <summary>What a scripted model does with one request. A string is a reply of that text.</summary>
/// <param name="Text">The text of the reply.</param>
public sealed record ScriptedReply(string Text = "")
{
    /// <summary>Tools that the model calls after the text.</summary>
    public IReadOnlyList<FunctionCallContent> ToolCalls { get; init; } = [];

    /// <summary>How long the model is silent before it begins.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long it is silent between two pieces.</summary>
    public TimeSpan DelayBetween { get; init; }

    /// <summary>How many characters one streamed piece has.</summary>
    public int PieceLength { get; init; } = 256;

    /// <summary>Thrown instead of a reply or, with <see cref="BreaksAfter"/>, in the middle of one.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How many characters arrive before the stream breaks off; <see langword="null"/> for all.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>Whether the model falls silent for ever after its text, heeding nothing but cancellation.</summary>
    public bool FallsSilent { get; init; }

    /// <summary>Why the model ended.</summary>
    public ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    /// <summary>The tokens that the reply reports; a quarter of the characters where it is <see langword="null"/>.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Whether the reply reports no tokens at all.</summary>
    public bool ReportsNoUsage { get; init; }

    /// <summary>A reply of that text.</summary>
    public static ScriptedReply FromString(string text) => new(text);

    /// <summary>A request that fails before anything arrives.</summary>
    public static ScriptedReply Fails(Exception failure) => new() { Failure = failure };

    /// <summary>A reply whose stream breaks off after some characters.</summary>
    public static ScriptedReply Breaks(string text, int after) =>
        new(text) { BreaksAfter = after, Failure = new IOException("The scripted stream broke off.") };

    /// <summary>A model that never says anything.</summary>
    public static ScriptedReply Hangs() => new() { FallsSilent = true };

    /// <summary>A reply of that text.</summary>
    public static implicit operator ScriptedReply(string text) => new(text);
}
