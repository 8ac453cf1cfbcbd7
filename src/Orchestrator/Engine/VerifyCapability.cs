using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Engine;

/// <summary>Carries out <c>verify</c>: runs the tests on exactly one tree and says what that proves.</summary>
internal sealed class VerifyCapability(DriveContext drive)
{
    private const int FailingKept = 50;

    public async Task<CallResult> RunAsync(CallState call, AttemptLog attempts, CancellationToken cancellationToken)
    {
        if (drive.Workspace is not { } workspace || call.Base is not { } head)
        {
            return CallResult.OfFailure(CallResult.Failure.Codes.InvalidInput, "There is nothing to verify: no workspace is registered; use UseGit, for example.");
        }

        var payload = await drive.Session.Payloads.ReadAsync(call.Call.Input, cancellationToken).ConfigureAwait(false);
        Verify.Input input;
        try
        {
            input = payload.ValueKind == JsonValueKind.Object ? payload.Deserialize(CoreJsonContext.Default.VerifyInput) ?? new() : new();
        }
        catch (JsonException e)
        {
            return CallResult.OfFailure(CallResult.Failure.Codes.InvalidInput, $"The input of 'verify' cannot be read: {e.Message}");
        }

        var tree = await PlaceAsync(workspace, input.At, head, cancellationToken).ConfigureAwait(false);
        var report = await TestAsync(workspace, tree, input.Tests, attempts, cancellationToken).ConfigureAwait(false);
        TestReport? baseline = null;
        var known = new HashSet<string>();
        if (report.Failing.Any() && tree.Tree != workspace.Base.Tree)
        {
            baseline = await FindBaselineAsync(workspace, cancellationToken).ConfigureAwait(false)
                ?? await TestAsync(workspace, workspace.Base, [], attempts, cancellationToken).ConfigureAwait(false);
            known.UnionWith(baseline.Failing);
        }

        var evidence = Weigh(report, known, [.. input.Targets], input.Tests.Count == 0 ? drive.Session.State.Task.Scope.TargetTests : [], whole: input.Tests.Count == 0);
        var output = new Verify.Output(evidence.Green ? WorkerClaim.Success : WorkerClaim.Failed, report) { Baseline = baseline };
        return new CallResult(output.Status, CallResult.ReplyValidity.Valid)
        {
            Output = await drive.Session.Payloads.KeepAsync(Payload.Of(JsonSerializer.SerializeToElement(output, CoreJsonContext.Default.VerifyOutput)), cancellationToken).ConfigureAwait(false),
            Evidence = evidence,
        };
    }

    private static TestReport.Evidence Weigh(TestReport report, HashSet<string> known, HashSet<string> targets, IReadOnlyList<string> asked, bool whole)
    {
        targets.UnionWith(asked);
        var passed = report.Cases.Where(test => test.Outcome == TestReport.CaseResult.Passed).Select(test => test.Id).ToHashSet();
        var failing = report.Failing.Where(test => !known.Contains(test) || targets.Contains(test))
            .Concat(targets.Where(target => (report.Cases.Count > 0 || asked.Contains(target)) && !passed.Contains(target)))
            .Distinct()
            .ToList();
        var failed = report.Cases.Count(test => test.Outcome == TestReport.CaseResult.Failed);

        // A command that failed although every failing test failed before is as good as the base; one that failed without naming a test is not.
        var ranWell = report.Outcome == TestReport.Result.Passed || (report.Outcome == TestReport.Result.Failed && failed > 0);
        return new TestReport.Evidence(report.Tree, ranWell && failing.Count == 0, passed.Count, failed)
        {
            Outcome = report.Outcome,
            Failing = [.. failing.Take(FailingKept)],
            Whole = whole,
        };
    }

    private static async ValueTask<IWorkspace.Revision> PlaceAsync(IWorkspace workspace, Verify.Place place, IWorkspace.Revision head, CancellationToken cancellationToken)
    {
        switch (place)
        {
            case Verify.Place.Base:
                return workspace.Base;
            case Verify.Place.BaseWithNewTests:
                var changed = await workspace.ChangedPathsAsync(workspace.Base, head, cancellationToken).ConfigureAwait(false);
                return await workspace.OverlayAsync(workspace.Base, head, [.. changed.Where(workspace.IsTestFile)], cancellationToken).ConfigureAwait(false);
            default:
                return head;
        }
    }

    private async ValueTask<TestReport> TestAsync(IWorkspace workspace, IWorkspace.Revision at, IReadOnlyList<string> tests, AttemptLog attempts, CancellationToken cancellationToken)
    {
        var request = Hashes.Of($"verify\n{at.Tree}\n{string.Join('\n', tests)}");
        if (attempts.TryTakeReceipt(request, out var recorded))
        {
            var reply = await attempts.ReadAsync(recorded.Reply, cancellationToken).ConfigureAwait(false);
            return reply.Deserialize(CoreJsonContext.Default.TestReport)!;
        }

        var attempt = await attempts.StartAsync(new WorkerCall.Intent(WorkerCall.AttemptKind.Command, Verify.Capability, request), cancellationToken).ConfigureAwait(false);
        var started = drive.Session.Time.GetTimestamp();
        var report = await workspace.VerifyAsync(new IWorkspace.Verification(at) { Tests = tests }, cancellationToken).ConfigureAwait(false);
        report = report with
        {
            Output = drive.Redactor.Redact(report.Output),
            Cases = [.. report.Cases.Select(test => test with { Message = drive.Redactor.Redact(test.Message) })],
        };
        await attempts.EndAsync(attempt, new WorkerCall.Receipt(report.Outcome != TestReport.Result.NotRun)
        {
            Reply = Payload.Of(JsonSerializer.SerializeToElement(report, CoreJsonContext.Default.TestReport)),
            Error = report.Outcome == TestReport.Result.NotRun ? report.Output : "",
            Duration = drive.Session.Time.GetElapsedTime(started),
        }).ConfigureAwait(false);
        return report;
    }

    /// <summary>What the base's tests showed, if any call of this run has run all of them there.</summary>
    private async ValueTask<TestReport?> FindBaselineAsync(IWorkspace workspace, CancellationToken cancellationToken)
    {
        foreach (var call in drive.Session.State.Calls)
        {
            if (call.Result is not { Evidence: not null } result)
            {
                continue;
            }

            var output = (await drive.Session.Payloads.ReadAsync(result.Output, cancellationToken).ConfigureAwait(false)).Deserialize(CoreJsonContext.Default.VerifyOutput);
            if (output?.Baseline is { } baseline)
            {
                return baseline;
            }

            if (output is not null && result.Evidence is { Whole: true } evidence && evidence.Tree == workspace.Base.Tree)
            {
                return output.Report;
            }
        }

        return null;
    }
}
