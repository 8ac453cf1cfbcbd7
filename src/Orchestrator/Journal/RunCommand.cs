using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What somebody outside wants of a run. It waits in the run's mailbox until the owner turns it into an event, exactly once.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(RaiseBudget), "raise_budget")]
public abstract record RunCommand
{
    private RunCommand()
    {
    }

    /// <summary>Ends the run.</summary>
    public sealed record Cancel(string Reason) : RunCommand;

    /// <summary>Answers the question that a call asked.</summary>
    public sealed record Answer(CallId Call, string Text, string By) : RunCommand;

    /// <summary>Replaces those limits that the budget sets.</summary>
    public sealed record RaiseBudget(Budget Budget) : RunCommand;

    /// <summary>A command in a run's mailbox.</summary>
    /// <param name="Number">One and up, per run, in the order of arrival. The event that a command becomes carries it.</param>
    /// <param name="Command">What is wanted.</param>
    public sealed record Posted(long Number, RunCommand Command);
}
