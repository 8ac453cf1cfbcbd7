using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>
/// Runs a worker that reaches a model by itself as one attempt of its call: the most that it may cost is held before it starts, and what it says that it has used
/// is settled afterwards. A worker that says nothing is taken to have used it all.
/// </summary>
internal sealed class OwnModelAttempt(DriveContext drive, AttemptLog attempts, BoundWorker worker, OwnModel model)
{
    private readonly Lock _gate = new();
    private TokenUsage _usage;
    private decimal? _cost;

    /// <summary>Runs the worker, unless an earlier owner of the run has recorded what came of it.</summary>
    public async ValueTask<BoundReply> RunAsync(JsonElement payload, IFileReader files, WorkerContext context, CancellationToken cancellationToken)
    {
        var request = Hashes.Of($"worker\n{worker.Registration.Capability}/{worker.Registration.Version}\n{Hashes.Of(payload)}");
        if (attempts.TryTakeReceipt(request, out var recorded) && (recorded.Succeeded || !recorded.Reply.IsNone || recorded.Cost != 0))
        {
            return await RecallAsync(recorded, cancellationToken).ConfigureAwait(false);
        }

        var intent = new WorkerCall.Intent(WorkerCall.AttemptKind.Model, worker.Registration.Capability, request) { HeldCost = model.MaxCost };
        var attempt = await attempts.StartAsync(intent, cancellationToken).ConfigureAwait(false);
        var began = drive.Session.Time.GetTimestamp();
        BoundReply reply;
        try
        {
            reply = await worker.RunAsync(payload, files, context with { ReportSpending = Add }, cancellationToken).ConfigureAwait(false);
        }
        catch (InputBindingException e)
        {
            // The worker was never asked, so nothing can have been spent; whoever takes the run over finds out the same for nothing.
            await EndAsync(new WorkerCall.Receipt(false) { Error = drive.Redactor.Redact(e.Message) }, most: 0).ConfigureAwait(false);
            throw;
        }
        catch (Exception e)
        {
            // A host that stops leaves the intent: the next owner has to know that nobody saw its end, however the worker takes being stopped.
            if (!(attempts.IsStopping && cancellationToken.IsCancellationRequested))
            {
                await EndAsync(new WorkerCall.Receipt(false) { Error = drive.Redactor.Redact(e is OrchestratorException ? e.Message : $"{e.GetType().Name}: {e.Message}") }).ConfigureAwait(false);
            }

            throw;
        }

        await EndAsync(new WorkerCall.Receipt(reply.Validity <= CallResult.ReplyValidity.Repaired)
        {
            Reply = Payload.Of(reply.Output),
            Error = drive.Redactor.Redact(string.Join("; ", reply.Violations.Take(10))),
        }).ConfigureAwait(false);
        return reply;

        ValueTask EndAsync(WorkerCall.Receipt receipt, decimal? most = null)
        {
            lock (_gate)
            {
                receipt = receipt with { Usage = _usage, Cost = _cost ?? most ?? model.MaxCost };
            }

            return attempts.EndAsync(attempt, receipt with { Duration = drive.Session.Time.GetElapsedTime(began) });
        }
    }

    private void Add(TokenUsage usage, decimal? cost)
    {
        lock (_gate)
        {
            _usage += usage;
            _cost = cost is null ? _cost : (_cost ?? 0) + cost;
        }
    }

    private async ValueTask<BoundReply> RecallAsync(WorkerCall.Receipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.Reply.IsNone)
        {
            throw new OrchestratorException(receipt.Error);
        }

        var reply = new BoundReply(await attempts.ReadAsync(receipt.Reply, cancellationToken).ConfigureAwait(false));
        return receipt.Succeeded ? reply : reply with { Validity = CallResult.ReplyValidity.Failed, Violations = [receipt.Error] };
    }
}
