using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Engine;

/// <summary>Carries out one call, from the policies on it to its end. Everything it finds out goes into the journal; nothing is returned.</summary>
internal sealed class CallRunner(DriveContext drive)
{
    /// <summary>The answer that has a call of unknown fate carried out again.</summary>
    public const string RepeatAnswer = "repeat";

    private readonly PatchLanding _landing = new(drive);
    private readonly VerifyCapability _verify = new(drive);

    public async Task RunAsync(CallId id, CallHandle handle)
    {
        var session = drive.Session;
        try
        {
            var call = session.State.Find(id)!;
            using var activity = Telemetry.Call(session.Run, call);
            if (call.Reply is null)
            {
                if (call.Status != CallState.Phase.Running && !await PassesAsync(call, handle.Token).ConfigureAwait(false))
                {
                    return;
                }

                if (call.Call.Capability == Person.Capability)
                {
                    await AskAsync(call, handle.Token).ConfigureAwait(false);
                    return;
                }

                if (await StartAsync(call).ConfigureAwait(false) is not { } started)
                {
                    return;
                }

                var (result, hasPatch) = await WorkAsync(started, handle).ConfigureAwait(false);
                if (!hasPatch || !result.Succeeded)
                {
                    await EndAsync(id, result).ConfigureAwait(false);
                    return;
                }

                if (!await drive.RecordAsync(id, new RunEvent.CallReplied(id, result)).ConfigureAwait(false))
                {
                    return;
                }
            }

            // From here on the work is paid for and recorded; the time limit of the worker no longer applies.
            handle.Deadline = DateTimeOffset.MaxValue;
            await _landing.LandAsync(id, handle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (handle.IsGivenUp || session.State.HasEnded)
        {
            // The loop has recorded why, or leaves the intent for whoever resumes.
        }
    }

    /// <summary>Takes up a call that is running by the journal's account and not in this process.</summary>
    public async Task ResumeAsync(CallId id, CallHandle handle)
    {
        var call = drive.Session.State.Find(id)!;
        if (call.Reply is not null || drive.Registry.IsRepeatable(call.Call) || (drive.Registry.HasOwnModel(call.Call) && drive.Session.HasReceipt(id)))
        {
            await RunAsync(id, handle).ConfigureAwait(false);
            return;
        }

        var question = new Person.Question($"'{call.Call.Capability}' ({id}) was started before its host stopped, and nothing says whether it was carried out. It is not declared repeatable. Repeat it?")
        {
            Options = [RepeatAnswer, "give_up"],
        };
        await drive.RecordAsync(id, new RunEvent.QuestionAsked(id, question)).ConfigureAwait(false);
    }

    private async ValueTask<bool> PassesAsync(CallState call, CancellationToken cancellationToken)
    {
        if (!drive.Judge.HasPolicies)
        {
            return true;
        }

        var subject = new IPolicy.Subject.OfCall(call.Id, call.Call, Hashes.Of(call.Call));
        var judgement = await drive.Judge.JudgeAsync(subject, call.Id, drive.Session.State, cancellationToken).ConfigureAwait(false);
        return await drive.RecordAsync(judgement, call.Id).ConfigureAwait(false);
    }

    /// <returns>The call as it runs, or <see langword="null"/> where it has ended in the meantime.</returns>
    private async ValueTask<CallState?> StartAsync(CallState call)
    {
        // A call that was already started by a former owner keeps its base: with the same input, requests that have a receipt are recognised.
        if (call.Status != CallState.Phase.Running)
        {
            await drive.Session.AppendAsync(call.Id, static (state, id) => state.Find(id) is { Status: CallState.Phase.Waiting } ? [new RunEvent.CallStarted(id, state.Head)] : []).ConfigureAwait(false);
        }

        return drive.Session.State.Find(call.Id) is { Status: CallState.Phase.Running } running ? running : null;
    }

    private async ValueTask<(CallResult Result, bool HasPatch)> WorkAsync(CallState call, CallHandle handle)
    {
        var files = drive.ReaderOf(call.Base);
        var log = new AttemptLog(drive, handle, drive.Options.MaxAttempts, files);
        try
        {
            if (call.Call.Capability == Verify.Capability)
            {
                return (await _verify.RunAsync(call, log, handle.Token).ConfigureAwait(false), false);
            }

            var worker = drive.Registry.FindWorker(call.Call.Capability, call.Call.Version)
                ?? throw new OrchestratorException($"Nobody provides '{call.Call.Capability}' any more.");
            var payload = await drive.Session.Payloads.ReadAsync(call.Call.Input, handle.Token).ConfigureAwait(false);
            var context = new WorkerContext
            {
                Run = drive.Session.Run,
                Call = call.Id,
                Capability = call.Call.Capability,
                Task = drive.Session.State.Task,
                Models = drive.ModelsFor(log, call.Id),
                ReportProgress = drive.ReportProgress(call.Id),
            };
            var reply = worker.Registration.OwnModel is { } own
                ? await new OwnModelAttempt(drive, log, worker, own).RunAsync(payload, files, context, handle.Token).ConfigureAwait(false)
                : await worker.RunAsync(payload, files, context, handle.Token).ConfigureAwait(false);
            return await ReadAsync(worker, reply, handle.Token).ConfigureAwait(false);
        }
        catch (BudgetExceededException e)
        {
            if (e.Limit is { } limit)
            {
                await drive.ReachLimitAsync(limit, e.Message).ConfigureAwait(false);
            }

            return (CallResult.OfFailure(CallResult.Failure.Codes.OverBudget, e.Message), false);
        }
        catch (Exception e) when (!handle.IsGivenUp && drive.Session.Broken is null)
        {
            Log.WorkerThrew(drive.Logger, call.Id, call.Call.Capability, e);
            return (CallResult.OfFailure(ErrorCode(e), drive.Redactor.Redact(e is OrchestratorException ? e.Message : $"{e.GetType().Name}: {e.Message}")), false);
        }
        finally
        {
            log.Close();
            if (files.TakeReads() is { Count: > 0 } reads && !handle.IsGivenUp && drive.Session.Broken is null)
            {
                await drive.Session.AppendAsync(new RunEvent.FilesRead(call.Id, reads)).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<(CallResult Result, bool HasPatch)> ReadAsync(BoundWorker worker, BoundReply reply, CancellationToken cancellationToken)
    {
        _ = BoundReply.TryReadClaim(reply.Output, out var claim);
        var hasPatch = worker.Registration.ProposesPatch && ProposedPatch.IsIn(reply.Output);
        return (new CallResult(reply.Validity == CallResult.ReplyValidity.Failed ? WorkerClaim.Failed : claim, reply.Validity)
        {
            Output = await drive.Session.Payloads.KeepAsync(Payload.Of(reply.Output), cancellationToken).ConfigureAwait(false),
            Error = ErrorOf(reply, claim),
            Warnings = reply.Warnings.Count == 0 ? [] : [.. reply.Warnings.Select(drive.Redactor.Redact)],
        }, hasPatch);
    }

    private CallResult.Failure? ErrorOf(BoundReply reply, WorkerClaim claim)
    {
        if (reply.Validity > CallResult.ReplyValidity.Repaired)
        {
            return new CallResult.Failure(CallResult.Failure.Codes.InvalidReply, drive.Redactor.Redact($"The reply does not keep its contract: {string.Join("; ", reply.Violations.Take(10))}"));
        }

        return claim == WorkerClaim.Failed ? new CallResult.Failure(CallResult.Failure.Codes.WorkerFailed, drive.Redactor.Redact(NotesOf(reply.Output))) : null;
    }

    private static string NotesOf(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object && output.TryGetProperty("notes", out var notes) && notes.ValueKind == JsonValueKind.String && notes.GetString() is { Length: > 0 } text
            ? text
            : "The worker says that it failed, and no more.";

    private static string ErrorCode(Exception e) => e switch
    {
        InputBindingException => CallResult.Failure.Codes.InvalidInput,
        ModelFailedException => CallResult.Failure.Codes.ModelFailed,
        _ => CallResult.Failure.Codes.WorkerFailed,
    };

    private async ValueTask AskAsync(CallState call, CancellationToken cancellationToken)
    {
        var payload = await drive.Session.Payloads.ReadAsync(call.Call.Input, cancellationToken).ConfigureAwait(false);
        Person.Question? question = null;
        try
        {
            question = payload.ValueKind == JsonValueKind.Object ? payload.Deserialize(CoreJsonContext.Default.Question) : null;
        }
        catch (JsonException)
        {
            // Said below, in words that name the call.
        }

        if (question is null || string.IsNullOrWhiteSpace(question.Text))
        {
            await EndAsync(call.Id, CallResult.OfFailure(CallResult.Failure.Codes.InvalidInput, "A question needs a 'text'; 'options', 'deadline' and 'default' may be added.")).ConfigureAwait(false);
            return;
        }

        await drive.RecordAsync(call.Id, new RunEvent.QuestionAsked(call.Id, question)).ConfigureAwait(false);
    }

    private ValueTask EndAsync(CallId id, CallResult result) => drive.EndCallAsync(id, result);
}
