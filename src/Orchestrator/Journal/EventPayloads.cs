namespace Orchestrator;

/// <summary>The payloads that events refer to.</summary>
internal static class EventPayloads
{
    public static IEnumerable<Payload> Of(RunEvent recorded) => recorded switch
    {
        RunEvent.DecisionMade made => Of(made.Decision),
        RunEvent.DecisionDeferred deferred => Of(deferred.Decision),
        RunEvent.DecisionRejected rejected => [rejected.Answer],
        RunEvent.CallCreated created => [created.Request.Input],
        RunEvent.AttemptEnded ended => [ended.Receipt.Reply],
        RunEvent.CallReplied replied => [replied.Reply.Output],
        RunEvent.CallEnded ended => [ended.Result.Output],
        RunEvent.Finished finished => [finished.Diff],
        _ => [],
    };

    private static IEnumerable<Payload> Of(Decision decision) => decision switch
    {
        Decision.CallWorker call => call.Calls.Select(each => each.Input),
        Decision.Replan replan => replan.Plan.Steps.Select(step => step.Input),
        _ => [],
    };
}
