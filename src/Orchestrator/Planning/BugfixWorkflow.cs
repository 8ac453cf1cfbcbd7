using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>
/// Fixes a bug, decided by code: reproduce it (by a test that fails already, or one written from the report), analyse, edit, review and test side by side, verify, and
/// finish only with the failing test turned green. A review or a test that objects leads to another edit with the reasons, a bounded number of times.
/// </summary>
/// <remarks>
/// Needs the capabilities <c>analysis</c>, <c>code_edit</c> and <c>reviewer</c>, and <c>test_writer</c> where no test fails yet. Holds no state: where a run stands is
/// read off its calls, so one instance serves any number of runs and a run can be resumed anywhere.
/// </remarks>
public sealed class BugfixWorkflow : IDecider
{
    private const int MaxTries = 2;

    /// <summary>How many edits a run may make before it ends with what it has.</summary>
    public int MaxEdits { get; init; } = 3;

    /// <inheritdoc/>
    public async ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken)
    {
        if (state.OpenCalls.Count > 0)
        {
            return new Decision.Continue(Decision.WakeOn.Idle);
        }

        var progress = await BugfixProgress.ReadAsync(state, context, cancellationToken).ConfigureAwait(false);
        return RunBaseline(progress) ?? Analyse(progress) ?? Reproduce(progress) ?? Edit(progress) ?? ReviewAndTest(progress) ?? Prove(progress) ?? Succeed(progress);
    }

    private static Decision? RunBaseline(BugfixProgress progress)
    {
        if (progress.Baseline is not { } baseline)
        {
            return progress.BaselineCall is { } failed
                ? GiveUp(progress, $"The tests could not be run before any change: {failed.Result?.Error?.Message}")
                : Call(Verify.Call(new Verify.Input { At = Verify.Place.Base }));
        }

        if (baseline.Outcome is TestReport.Result.NotRun or TestReport.Result.TimedOut)
        {
            return GiveUp(progress, $"The tests could not be run before any change ({Word(baseline.Outcome)}): {LastLines(baseline.Output)}");
        }

        return null;
    }

    /// <summary>Has a test written that shows the bug, where none fails yet. The analysis comes first: nobody can write a test against code that he has not seen.</summary>
    private static Decision? Reproduce(BugfixProgress progress)
    {
        // A command that fails without naming tests, because only its exit code is read, is the target as a whole.
        if (progress.Targets.Count > 0 || progress.Baseline is { Outcome: TestReport.Result.Failed, Cases.Count: 0 })
        {
            return null;
        }

        if (progress.Reproduction is { Succeeded: true } written && progress.VerifiedAfter(written) is null)
        {
            return Call(Verify.Call());
        }

        if (!progress.Has(TestWriter.Capability))
        {
            return GiveUp(progress, "No test fails, and nobody can write one: register a 'test_writer'.");
        }

        return progress.Reproductions < MaxTries
            ? Call(TestWriter.Contract.Call(progress.TestInput(progress.ReproductionGoal)))
            : GiveUp(progress, "The bug could not be reproduced: no test was written that fails on the code as it is.");
    }

    private static Decision? Analyse(BugfixProgress progress)
    {
        if (progress.Analysis is not null)
        {
            return null;
        }

        return progress.Analyses < MaxTries
            ? Call(Analysis.Contract.Call(new Analysis.Input(progress.State.Task.Goal) { Logs = progress.Logs }))
            : GiveUp(progress, $"The cause was not found: {progress.LastError(Analysis.Capability)}");
    }

    private Decision? Edit(BugfixProgress progress)
    {
        if (progress.Edit is null)
        {
            return AskForEdit(progress, []);
        }

        if (progress.Edit.Result?.Error is { Code: CallResult.Failure.Codes.InvalidInput } error)
        {
            // The same question would be refused again: a file that is not there, or one that no window holds.
            return progress.LikelyFiles.Count > 0 && progress.Edits < MaxEdits
                ? AskForEdit(progress, [])
                : NotFixed(progress, [$"The edit could not be asked for: {error.Message}"]);
        }

        if (progress.Edit.Failed)
        {
            return Again(progress, [$"The last patch was not taken: {progress.Edit.Result!.Error?.Message}"]);
        }

        return null;
    }

    private Decision.CallWorker? ReviewAndTest(BugfixProgress progress)
    {
        if (progress.Reviews.Count == 0)
        {
            var review = Reviewer.Contract.Call(new Reviewer.Input(progress.State.Task.Goal));
            return progress.WantsRegressionTest
                ? new Decision.CallWorker([review, TestWriter.Contract.Call(progress.TestInput(progress.RegressionGoal))])
                : Call(review);
        }

        if (progress.Reviews is [.., { Failed: true }] reviews && reviews.Count < MaxTries)
        {
            return Call(Reviewer.Contract.Call(new Reviewer.Input(progress.State.Task.Goal)));
        }

        return progress.Objections is { Count: > 0 } objections && progress.Edits < MaxEdits ? AskForEdit(progress, objections) : null;
    }

    /// <summary>Runs the tests on what would be handed over, and a new test also on the old code, where it must fail.</summary>
    private Decision? Prove(BugfixProgress progress)
    {
        if (progress.Verified is not { } verified)
        {
            return progress.VerifyCall is { } failed
                ? GiveUp(progress, $"The tests could not be run: {failed.Result?.Error?.Message}")
                : Call(Verify.Call(new Verify.Input { Targets = progress.Targets }));
        }

        if (!verified.Green)
        {
            return Again(progress, progress.FailureReasons);
        }

        return progress.HasNewTests && progress.OldCodeReport is null
            ? Call(Verify.Call(new Verify.Input { At = Verify.Place.BaseWithNewTests }))
            : null;
    }

    private static Decision.Finish Succeed(BugfixProgress progress)
    {
        if (progress.Objections is { Count: > 0 } objections)
        {
            return new Decision.Finish($"The tests are green, but the review still objects: {string.Join(" ", objections)}") { Status = RunStatus.Partial };
        }

        // It was put to the policies like this already, and whatever they asked for has been tried.
        return progress.State.LastRejection is { Length: > 0 } rejection
            ? new Decision.Finish($"The tests are green, but this may not be called done: {rejection}") { Status = RunStatus.Partial }
            : new Decision.Finish(progress.SuccessSummary);
    }

    private Decision Again(BugfixProgress progress, IReadOnlyList<string> reasons) => progress.Edits < MaxEdits ? AskForEdit(progress, reasons) : NotFixed(progress, reasons);

    private static Decision.Finish NotFixed(BugfixProgress progress, IReadOnlyList<string> reasons)
    {
        // A target that is known to pass is worth handing over even if something else broke; a bug that is still there is not.
        var failing = progress.StillFailing;
        var isBetter = progress.Targets.Count > 0 && failing is not null && !failing.Intersect(progress.Targets).Any();
        var named = failing is { Count: > 0 } ? $" Still failing: {string.Join(", ", failing.Take(10))}." : "";
        return new Decision.Finish($"Not fixed after {progress.Edits} {(progress.Edits == 1 ? "edit" : "edits")}.{named} {string.Join(" ", reasons.Select(Gist))}")
        {
            Status = isBetter ? RunStatus.Partial : RunStatus.Failed,
        };
    }

    private static Decision.CallWorker AskForEdit(BugfixProgress progress, IReadOnlyList<string> reasons)
    {
        var likely = progress.LikelyFiles;
        var goal = string.Join('\n', [
            progress.State.Task.Goal,
            .. progress.Analysis!.Hypotheses.Take(3).Select(hypothesis => $"Likely cause: {hypothesis.Statement}"),
            .. progress.TargetReasons,
            .. reasons,
        ]);
        return Call(CodeEdit.Contract.Call(new CodeEdit.Input(goal, likely[0])
        {
            TaskId = progress.State.Task.Id,
            Constraints = progress.State.Task.Constraints,
            Context = CodeFile.Context.Of(likely.Skip(1).Take(4)),
        }));
    }

    private static Decision.CallWorker Call(WorkerCall call) => new([call]);

    private static Decision.Finish GiveUp(BugfixProgress progress, string reason) => new(reason)
    {
        Status = progress.State.Head?.Tree == progress.State.Base?.Tree ? RunStatus.Failed : RunStatus.Partial,
    };

    /// <summary>The reasons are written for the model that edits; a person wants the gist.</summary>
    private static string Gist(string reason) => string.Join(' ', reason.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));

    private static string LastLines(string output) => string.Join('\n', output.Split('\n').TakeLast(20));

    private static string Word(TestReport.Result outcome) => outcome == TestReport.Result.TimedOut ? "they ran into their time limit" : "the command could not be started";
}
