namespace Orchestrator.Engine;

/// <summary>Puts a subject to every policy in turn. The first that does not allow decides.</summary>
internal sealed class Judge(IReadOnlyList<IPolicy> policies, PolicyContext context)
{
    public bool HasPolicies => policies.Count > 0;

    public async ValueTask<Judgement> JudgeAsync(IPolicy.Subject subject, CallId? call, TaskState state, CancellationToken cancellationToken)
    {
        if (policies.Count == 0)
        {
            return Judgement.Passed;
        }

        var verdicts = new List<RunEvent>();
        foreach (var policy in policies)
        {
            var verdict = Bound(await AskAsync(policy, subject, state, cancellationToken).ConfigureAwait(false), policy, subject, call, state);
            verdicts.Add(new RunEvent.VerdictGiven(policy.Id, subject.Stage, call, subject.Hash, verdict));
            if (verdict is not Verdict.Allow)
            {
                return new Judgement(verdict, policy.Id, verdicts);
            }
        }

        return new Judgement(Verdict.Allowed, "", verdicts);
    }

    private async ValueTask<Verdict> AskAsync(IPolicy policy, IPolicy.Subject subject, TaskState state, CancellationToken cancellationToken)
    {
        try
        {
            return await policy.JudgeAsync(subject, state, context, cancellationToken).ConfigureAwait(false)
                ?? new Verdict.Deny($"The policy '{policy.Id}' said nothing (null); it must allow, deny or require.");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A rule that cannot be checked is not kept.
            return new Verdict.Deny($"The policy '{policy.Id}' failed: {e.Message}");
        }
    }

    /// <summary>Ties a required call to exactly this subject, and turns a requirement that was already met once into a refusal, because it would never end.</summary>
    private static Verdict Bound(Verdict verdict, IPolicy policy, IPolicy.Subject subject, CallId? call, TaskState state)
    {
        if (verdict is not Verdict.Require require)
        {
            return verdict;
        }

        switch (RequirersOf(subject, state).IndexOf(policy.Id))
        {
            case 0:
                // Its own requirement is not held up by itself: the approval of an approval would have no end.
                return Verdict.Allowed;
            case > 0:
                return new Verdict.Deny($"{require.Reason} ('{policy.Id}' and other policies require calls for each other's calls in a circle; let one of them pass calls that have RequiredBy set.)");
        }

        foreach (var earlier in state.Calls)
        {
            // One that was given up before it could be carried out says nothing, and may be asked for again.
            if (earlier is { Status: CallState.Phase.Done, WasGivenUp: false } && earlier.Call.RequiredBy == policy.Id && earlier.Call.BoundTo == subject.Hash
                && earlier.Call.Capability == require.Call.Capability)
            {
                return new Verdict.Deny($"{require.Reason} ({earlier.Id} was carried out for this and does not satisfy the policy{Because(earlier)}.)");
            }
        }

        return require with { Call = require.Call with { RequiredBy = policy.Id, BoundTo = subject.Hash, RequiredFor = call } };
    }

    /// <summary>The policies because of which a call is made: its own requirer first, then that of the call it is for, and so on.</summary>
    private static List<string> RequirersOf(IPolicy.Subject subject, TaskState state)
    {
        var requirers = new List<string>();
        var at = subject is IPolicy.Subject.OfCall { Call: var asked } ? asked : null;
        while (at is { RequiredBy: { } policy })
        {
            requirers.Add(policy);
            at = at.RequiredFor is { } waiting ? state.Find(waiting)?.Call : null;
        }

        return requirers;
    }

    private static string Because(CallState earlier) => earlier.Result?.Error is { } error ? $": {error.Message}" : "";
}
