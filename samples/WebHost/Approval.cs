using Orchestrator;
using Orchestrator.Contracts;

namespace WebHost;

/// <summary>Has a person look at every fix before it is written. The yes is bound to the hash of the patch, so it cannot pass for a yes to another.</summary>
internal static class Approval
{
    public static Verdict AskBeforeTheFix(IPolicy.Subject subject, TaskState state)
    {
        if (subject is not IPolicy.Subject.OfPatch { Call.Capability: CodeEdit.Capability } patch)
        {
            return Verdict.Allowed;
        }

        return state.Calls.LastOrDefault(call => call.Call.Capability == Person.Capability && call.Call.BoundTo == patch.Hash) switch
        {
            null => new Verdict.Require(Person.Call(new Person.Question($"May {patch.Id} write this?\n\n{patch.Diff}") { Options = ["yes", "no"] }), "A person looks at every fix."),
            { Result.Output.Inline: var reply } when reply.TryGetProperty("answer", out var answer) && answer.ValueEquals("yes") => Verdict.Allowed,
            _ => new Verdict.Deny("A person said no to this fix."),
        };
    }
}
