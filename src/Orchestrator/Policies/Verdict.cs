using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What a policy says: <see cref="Allow"/>, <see cref="Deny"/> or <see cref="Require"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "verdict")]
[JsonDerivedType(typeof(Allow), "allow")]
[JsonDerivedType(typeof(Deny), "deny")]
[JsonDerivedType(typeof(Require), "require")]
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Lets it pass.</summary>
    public static Verdict Allowed { get; } = new Allow();

    /// <summary>Lets it pass.</summary>
    public sealed record Allow : Verdict;

    /// <summary>Stops it.</summary>
    /// <param name="Reason">Why, and what would be allowed; the decider sees it.</param>
    public sealed record Deny(string Reason) : Verdict;

    /// <summary>Lets it wait until a call has been carried out, which the engine inserts; then the policy judges again.</summary>
    /// <param name="Call">The call that is missing.</param>
    /// <param name="Reason">Why it is needed.</param>
    public sealed record Require(WorkerCall Call, string Reason) : Verdict;
}
