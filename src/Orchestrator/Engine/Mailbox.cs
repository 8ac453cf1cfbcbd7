using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Engine;

/// <summary>Turns commands from outside into events, each exactly once, and answers questions whose deadline has passed.</summary>
internal sealed class Mailbox(DriveContext drive, IRunJournal journal)
{
    public async ValueTask TakeAsync()
    {
        var session = drive.Session;
        IReadOnlyList<IRunJournal.Posted> items;
        try
        {
            items = await journal.ReadMailboxAsync(session.Run, session.State.LastMail, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw session.Break(e);
        }

        foreach (var item in items)
        {
            await session.AppendAsync(state => state.LastMail >= item.Number || state.HasEnded ? [] : EventsOf(item, state)).ConfigureAwait(false);
        }
    }

    public ValueTask AnswerOverdueAsync(DateTimeOffset now)
    {
        foreach (var call in drive.Session.State.Ledger.OpenSpan)
        {
            if (call is { Status: CallState.Phase.AwaitingAnswer, Question.Deadline: { } deadline } && deadline <= now)
            {
                return drive.Session.AppendAsync(now, Overdue);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static List<RunEvent> Overdue(TaskState state, DateTimeOffset now)
    {
        var events = new List<RunEvent>();
        foreach (var call in state.OpenCalls)
        {
            if (call is { Status: CallState.Phase.AwaitingAnswer, Question: { Deadline: { } deadline } question } && deadline <= now)
            {
                events.AddRange(Answered(call.Id, question.Default, "", 0, state));
            }
        }

        return events;
    }

    private IReadOnlyList<RunEvent> EventsOf(IRunJournal.Posted item, TaskState state) => item.Command switch
    {
        IRunJournal.Command.Cancel cancel => [new RunEvent.CancelRequested(drive.Redactor.Redact(cancel.Reason), item.Number)],
        IRunJournal.Command.RaiseBudget raise => [new RunEvent.BudgetRaised(raise.Budget, item.Number)],
        IRunJournal.Command.Answer answer => state.Find(answer.Call) switch
        {
            { Status: CallState.Phase.AwaitingAnswer, Question: { } question } when question.Options.Count == 0 || question.Options.Contains(answer.Text) =>
                Answered(answer.Call, drive.Redactor.Redact(answer.Text), answer.By, item.Number, state),
            { Status: CallState.Phase.AwaitingAnswer, Question: { } question } =>
                [new RunEvent.CommandRefused($"'{answer.Text}' is no answer to {answer.Call}; choose one of {string.Join(", ", question.Options)}.", item.Number)],
            _ => [new RunEvent.CommandRefused($"{answer.Call} asks nothing, or has been answered already.", item.Number)],
        },
        _ => throw new System.Diagnostics.UnreachableException(item.Command.GetType().Name),
    };

    private static IReadOnlyList<RunEvent> Answered(CallId id, string? answer, string by, long mail, TaskState state)
    {
        var answered = new RunEvent.QuestionAnswered(id, answer, by, mail);
        if (state.Find(id)?.Call.Capability != Person.Capability)
        {
            // The engine asked about a call whose fate is unknown.
            return answer == CallRunner.RepeatAnswer
                ? [answered, new RunEvent.CallStarted(id, state.Find(id)!.Base)]
                : [answered, new RunEvent.CallEnded(id, CallResult.OfFailure(CallResult.Failure.Codes.InDoubt, "Nothing says whether it was carried out, and it was decided not to repeat it."))];
        }

        var output = new Person.Output(answer is null ? WorkerClaim.Failed : WorkerClaim.Success, answer, by);
        var result = new CallResult(output.Status, CallResult.ReplyValidity.Valid)
        {
            Output = Payload.Of(JsonSerializer.SerializeToElement(output, CoreJsonContext.Default.PersonOutput)),
            Error = answer is null ? new CallResult.Failure(CallResult.Failure.Codes.TimedOut, "Nobody answered before the deadline, and the question has no default.") : null,
        };
        return [answered, new RunEvent.CallEnded(id, result)];
    }
}
