using System.Collections.Immutable;

namespace Orchestrator;

/// <summary>What a run has used and what it holds for attempts under way.</summary>
internal sealed record Spending(TokenUsage Used, decimal Cost, ImmutableList<Spending.Hold> Holds)
{
    public static Spending None { get; } = new(default, 0, []);

    public TokenUsage HeldTokens => Holds.Aggregate(default(TokenUsage), (sum, hold) => sum + hold.Tokens);

    public decimal HeldCost => Holds.Sum(hold => hold.Cost);

    public Spending Reserve(CallId call, int attempt, WorkerCall.Intent intent) =>
        this with { Holds = Holds.Add(new Hold(call, attempt, intent.HeldTokens, intent.HeldCost ?? 0)) };

    public Spending Settle(CallId call, int attempt, WorkerCall.Receipt receipt) => new(
        Used + receipt.Usage,
        Cost + (receipt.Cost ?? 0),
        Holds.RemoveAll(hold => hold.Call == call && hold.Attempt == attempt));

    /// <summary>
    /// Counts every open hold as spent. Done when a new owner takes over: nobody knows what became of the former owner's open requests, and a limit that
    /// may be passed is no limit.
    /// </summary>
    public Spending Forfeit() => Holds.IsEmpty ? this : new(Used + HeldTokens, Cost + HeldCost, []);

    /// <summary>Money and tokens kept back for one attempt.</summary>
    internal sealed record Hold(CallId Call, int Attempt, TokenUsage Tokens, decimal Cost);
}
