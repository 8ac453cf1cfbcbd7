using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Where a bugfix stands, read off its calls.</summary>
internal sealed class BugfixProgress
{
    /// <summary>Of one test's message, and of the output of a whole run; goals are never cut, so what goes into them is.</summary>
    private const int MostMessage = 3_000;
    private const int MostOutput = 16_000;

    private readonly Dictionary<CallId, Verify.Output> _reports = [];
    private readonly List<CallState> _calls;

    private BugfixProgress(TaskState state)
    {
        State = state;
        _calls = [.. state.Calls];
        Edit = Last(CodeEdit.Capability);
        Reproduction = _calls.FindLast(call => call.Call.Capability == TestWriter.Capability && IsBeforeFirstEdit(call));
    }

    public TaskState State { get; }

    public TestReport? Baseline => BaselineCall is { } call && _reports.TryGetValue(call.Id, out var output) ? output.Report : null;

    public CallState? BaselineCall => _calls.Find(call => call.Call.Capability == Verify.Capability);

    /// <summary>The last test writer that was asked for a test that shows the bug, before any edit.</summary>
    public CallState? Reproduction { get; }

    public int Reproductions => _calls.Count(call => call.Call.Capability == TestWriter.Capability && IsBeforeFirstEdit(call));

    /// <summary>The tests that fail because of the bug and must pass in the end.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = [];

    public Analysis.Output? Analysis { get; private set; }

    public int Analyses => _calls.Count(call => call.Call.Capability == Contracts.Analysis.Capability);

    public CallState? Edit { get; }

    /// <summary>The files that are likely to hold the cause, without those that an edit could not be asked for.</summary>
    public IReadOnlyList<RepoPath> LikelyFiles =>
    [
        .. Analysis!.LikelyFiles.Select(file => file.Path).Distinct()
            .Skip(_calls.Count(call => call.Call.Capability == CodeEdit.Capability && call.Result?.Error?.Code == CallResult.Failure.Codes.InvalidInput)),
    ];

    public int Edits => _calls.Count(call => call.Call.Capability == CodeEdit.Capability);

    /// <summary>The reviews of the last edit.</summary>
    public IReadOnlyList<CallState> Reviews => Edit is null ? [] : _calls.FindAll(call => call.Call.Capability == Reviewer.Capability && call.CreatedSequence > Edit.EndedSequence);

    /// <summary>What the last review wants changed; empty where it approves or there is none.</summary>
    public IReadOnlyList<string> Objections { get; private set; } = [];

    /// <summary>What the tests showed on what would be handed over; <see langword="null"/> where they have not been run on it.</summary>
    public TestReport.Evidence? Verified => VerifyCall?.Result?.Evidence;

    public CallState? VerifyCall => _calls.FindLast(call => call.Call.Capability == Verify.Capability && Edit is not null && call.CreatedSequence > Edit.EndedSequence
        && call.Base?.Tree == State.Head?.Tree && (call.Result?.Evidence is null || call.Result.Evidence.Tree == State.Head?.Tree));

    /// <summary>What the tests showed on the old code with the new tests.</summary>
    public TestReport? OldCodeReport => _calls.Where(call => call.CreatedSequence > (VerifyCall?.EndedSequence ?? long.MaxValue) && _reports.ContainsKey(call.Id))
        .Select(call => _reports[call.Id].Report).LastOrDefault();

    /// <summary>A test that shows the bug exists already; one of the fix's own is worth having where somebody can write it.</summary>
    public bool WantsRegressionTest => Has(TestWriter.Capability) && Reproduction is null && !_calls.Exists(call => call.Call.Capability == TestWriter.Capability && call.Succeeded);

    public bool HasNewTests => _calls.Exists(call => call.Call.Capability == TestWriter.Capability && call.Result?.Applied is not null && !IsBeforeFirstEdit(call));

    /// <summary>The tests that fail on what would be handed over; <see langword="null"/> where they have not been run on it.</summary>
    public IReadOnlyList<string>? StillFailing => _calls.FindLast(call => call.Result?.Evidence?.Tree == State.Head?.Tree && _reports.ContainsKey(call.Id)) is { } call
        ? [.. _reports[call.Id].Report.Failing]
        : null;

    public IReadOnlyList<string> Logs =>
    [
        .. (ReproductionReport ?? Baseline)?.Cases.Where(test => Targets.Contains(test.Id)).Take(10).Select(test => $"{test.Id}\n{FailureText.Cut(test.Message, MostMessage)}") ?? [],
        .. Targets.Count == 0 && Baseline is { } baseline ? new[] { FailureText.Cut(baseline.Output, MostOutput) } : [],
        .. State.Task.Attachments.Select(InputPiece.AttachmentText),
    ];

    /// <summary>The tests that must pass, the first of them with why they fail now.</summary>
    public IEnumerable<string> TargetReasons => Targets.Take(10).Select((test, at) =>
    {
        var message = at < 3 ? (ReproductionReport ?? Baseline)?.Cases.FirstOrDefault(each => each.Id == test)?.Message ?? "" : "";
        return $"This test must pass: {test}{(message.Length > 0 ? $". It fails now: {FailureText.Cut(message, MostMessage)}" : "")}";
    });

    public IReadOnlyList<string> FailureReasons
    {
        get
        {
            var output = VerifyCall is { } call ? _reports.GetValueOrDefault(call.Id) : null;
            var failing = Verified?.Failing ?? [];
            return failing.Count == 0
                ? [$"The test command does not succeed: {FailureText.Cut(output?.Report.Output ?? "", MostMessage)}"]
                : [.. failing.Take(5).Select(test => $"This test fails: {test}. {FailureText.Cut(output?.Report.Cases.FirstOrDefault(each => each.Id == test)?.Message ?? "", MostMessage)}".TrimEnd())];
        }
    }

    public string ReproductionGoal => string.Join('\n', [
        $"Write a test that fails because of this bug and will pass once it is fixed: {State.Task.Goal}",
        .. Reproduction switch
        {
            { Failed: true } failed => new[] { $"Your last test was not taken: {failed.Result!.Error?.Message}" },
            { Succeeded: true } => ["Your last test passes on the code as it is, so it does not show the bug. Write one that fails."],
            _ => [],
        },
    ]);

    public string RegressionGoal => $"Keep this bug from coming back, with a test that fails without the fix: {State.Task.Goal}";

    public string SuccessSummary
    {
        get
        {
            var cause = Analysis?.Hypotheses.Count > 0 ? $" Cause: {Analysis.Hypotheses[0].Statement}" : "";
            var targets = Targets.Count > 0 ? $" {string.Join(", ", Targets.Take(5))} failed before and {(Targets.Count == 1 ? "passes" : "pass")} now." : "";
            return $"Fixed: {State.Task.Goal}{(State.Task.Goal.EndsWith('.') ? "" : ".")}{cause}{targets}{RegressionNote}";
        }
    }

    private string RegressionNote
    {
        get
        {
            if (!HasNewTests || OldCodeReport is not { } old || VerifyCall is null || !_reports.TryGetValue(VerifyCall.Id, out var now))
            {
                return "";
            }

            var known = (Baseline?.Cases ?? []).Select(test => test.Id).ToHashSet();
            var added = now.Report.Cases.Select(test => test.Id).Where(test => !known.Contains(test)).ToList();
            var shown = added.Intersect(old.Failing).ToList();
            return shown.Count > 0 ? $" New: {string.Join(", ", shown.Take(5))} {(shown.Count == 1 ? "fails" : "fail")} on the old code and {(shown.Count == 1 ? "passes" : "pass")} on the new."
                : added.Count > 0 ? $" New: {string.Join(", ", added.Take(5))}, which would pass on the old code as well."
                : "";
        }
    }

    private CallState? FirstEdit => _calls.Find(call => call.Call.Capability == CodeEdit.Capability);

    private TestReport? ReproductionReport => Reproduction is { Succeeded: true } written && VerifiedAfter(written) is { } call && _reports.TryGetValue(call.Id, out var output) ? output.Report : null;

    public static async ValueTask<BugfixProgress> ReadAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken)
    {
        var progress = new BugfixProgress(state);
        foreach (var call in progress._calls.Where(call => call.Call.Capability == Verify.Capability && call.Result is not null))
        {
            if (await context.OutputAsync(call, CoreJsonContext.Default.VerifyOutput, cancellationToken).ConfigureAwait(false) is { } output)
            {
                progress._reports[call.Id] = output;
            }
        }

        progress.Targets = progress.FindTargets();
        progress.Analysis = progress.Last(Contracts.Analysis.Capability) is { Succeeded: true } analysis
            ? await Contracts.Analysis.Contract.OutputAsync(context, analysis, cancellationToken).ConfigureAwait(false)
            : null;
        progress.Objections = await progress.ReadObjectionsAsync(context, cancellationToken).ConfigureAwait(false);
        return progress;
    }

    /// <summary>Asks for a test, with the suspected code at hand.</summary>
    public TestWriter.Input TestInput(string behaviour)
    {
        var suspects = Analysis?.LikelyFiles.Select(file => file.Path).Distinct().ToList() ?? [];
        return new TestWriter.Input(behaviour)
        {
            TaskId = State.Task.Id,
            Target = suspects.Count > 0 ? new CodeFile(suspects[0]) : null,
            Constraints = State.Task.Constraints,
            Context = CodeFile.Context.Of(suspects.Skip(1).Take(4)),
        };
    }

    public bool Has(string capability) => State.Registration.Capabilities.Any(each => each.StartsWith(capability + "/", StringComparison.Ordinal));

    public CallState? VerifiedAfter(CallState call) => After(Verify.Capability, call);

    public string LastError(string capability) => Last(capability)?.Result?.Error?.Message ?? "there was no usable reply.";

    private List<string> FindTargets()
    {
        if (Baseline is { } baseline && baseline.Failing.Any())
        {
            var text = string.Join('\n', [State.Task.Goal, .. State.Task.Attachments.Select(attachment => attachment.Text)]);
            var failing = baseline.Failing.ToList();
            var asked = failing.Intersect(State.Task.Scope.TargetTests).ToList();
            if (asked.Count > 0)
            {
                return asked;
            }

            var named = failing.Where(test => text.Contains(test, StringComparison.Ordinal) || text.Contains(ShortName(test), StringComparison.Ordinal)).ToList();
            return named.Count > 0 ? named : failing;
        }

        return ReproductionReport is { } report ? [.. report.Failing] : [];
    }

    private async ValueTask<IReadOnlyList<string>> ReadObjectionsAsync(DeciderContext context, CancellationToken cancellationToken)
    {
        if (Edit is null || After(Reviewer.Capability, Edit) is not { } call
            || await Reviewer.Contract.OutputAsync(context, call, cancellationToken).ConfigureAwait(false) is not { Verdict: Reviewer.Opinion.ChangesRequested } review)
        {
            return [];
        }

        var comments = review.Comments.Select(comment => $"The review asks{(comment.Path is { } path ? $" in {path}{(comment.Line is { } line ? $":{line}" : "")}" : "")}: {comment.Text}").ToList();
        return comments.Count > 0 ? comments : [$"The review asks: {review.Notes}"];
    }

    private bool IsBeforeFirstEdit(CallState call) => FirstEdit is not { } edit || call.CreatedSequence < edit.CreatedSequence;

    private CallState? Last(string capability) => _calls.FindLast(call => call.Call.Capability == capability);

    private CallState? After(string capability, CallState earlier) => _calls.FindLast(call => call.Call.Capability == capability && call.CreatedSequence > earlier.EndedSequence);

    private static string ShortName(string test) => test[(test.LastIndexOfAny(['.', ':', '/']) + 1)..];
}
