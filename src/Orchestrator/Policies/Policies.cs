using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Ready-made rules.</summary>
public static class Policies
{
    private const string Yes = "yes";

    /// <summary>Refuses patches that write anything outside these paths.</summary>
    /// <param name="globs">Globs relative to the repository's root, such as <c>app/drafts/**</c>.</param>
    public static IPolicy OnlyTouch(params IReadOnlyList<string> globs)
    {
        var scope = new PathScope(globs);
        return When($"only_touch({string.Join(", ", globs)})", (subject, _) =>
            subject is IPolicy.Subject.OfPatch patch && Outside(patch.Paths, path => scope.Contains(path)) is { } outside
                ? new Verdict.Deny($"The patch writes {outside}; only {string.Join(", ", globs)} may be written.")
                : Verdict.Allowed);
    }

    /// <summary>Refuses patches that write any of these paths.</summary>
    /// <param name="globs">Globs relative to the repository's root, such as <c>**/*.csproj</c>.</param>
    public static IPolicy NeverTouch(params IReadOnlyList<string> globs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(globs.Count);
        var scope = new PathScope(globs);
        return When($"never_touch({string.Join(", ", globs)})", (subject, _) =>
            subject is IPolicy.Subject.OfPatch patch && Outside(patch.Paths, path => !scope.Contains(path)) is { } inside
                ? new Verdict.Deny($"The patch writes {inside}, which must not be touched ({string.Join(", ", globs)}).")
                : Verdict.Allowed);
    }

    /// <summary>
    /// Has a person approve every patch that writes any of these paths, before it is committed. The answers are <c>yes</c> and <c>no</c>; a yes holds for exactly that patch.
    /// </summary>
    /// <param name="globs">Globs relative to the repository's root, such as <c>**/migrations/**</c>.</param>
    public static IPolicy RequireApproval(params IReadOnlyList<string> globs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(globs.Count);
        var scope = new PathScope(globs);
        var id = $"require_approval({string.Join(", ", globs)})";
        return new FunctionPolicy(id, async (subject, state, context, cancellationToken) =>
        {
            if (subject is not IPolicy.Subject.OfPatch patch || Outside(patch.Paths, path => !scope.Contains(path)) is not { } touched)
            {
                return Verdict.Allowed;
            }

            if (state.Calls.LastOrDefault(call => call.Call.RequiredBy == id && call.Call.BoundTo == patch.Hash && call is { Result: not null, WasGivenUp: false }) is not { } asked)
            {
                var question = new Person.Question($"May the patch of {patch.Id} ('{patch.Call.Capability}') be committed? It writes {touched}.") { Options = [Yes, "no"] };
                return new Verdict.Require(Person.Call(question), $"Whoever writes {string.Join(", ", globs)} needs a person's approval.");
            }

            return await Person.Contract.OutputAsync(context, asked, cancellationToken).ConfigureAwait(false) is { Answer: Yes }
                ? Verdict.Allowed
                : new Verdict.Deny($"A person did not approve that {touched} be written ({asked.Id}).");
        });
    }

    /// <summary>Lets a run succeed only with a recorded run of all tests that is green on exactly the tree it hands over. Where none is on record, it is made.</summary>
    public static IPolicy RequireGreenTests() => When("require_green_tests", (subject, state) =>
    {
        if (subject is not IPolicy.Subject.OfFinish)
        {
            return Verdict.Allowed;
        }

        if (state.Head is not { } head)
        {
            return new Verdict.Deny("There is no repository whose tests could be green; finish as partial, or register a workspace.");
        }

        var evidence = state.Calls.LastOrDefault(call => call.Result?.Evidence is { Whole: true } found && found.Tree == head.Tree)?.Result!.Evidence;
        return evidence switch
        {
            null => new Verdict.Require(Verify.Call(), "The tests have not been run on the tree that would be handed over."),
            { Green: true } => Verdict.Allowed,
            _ => new Verdict.Deny($"The tests are not green on the tree that would be handed over: {Describe(evidence)}."),
        };
    });

    /// <summary>
    /// Lets a run succeed only after a call of this capability succeeded on exactly the change that is handed over, tests left out. Where none is on record, it
    /// is made. A result that says <c>"verdict": "changes_requested"</c> does not count as approval.
    /// </summary>
    public static IPolicy RequireBeforeFinish(string capability)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(capability);
        return new FunctionPolicy($"require_before_finish({capability})", async (subject, state, context, cancellationToken) =>
        {
            if (subject is not IPolicy.Subject.OfFinish)
            {
                return Verdict.Allowed;
            }

            var call = state.Calls.LastOrDefault(each => each.Call.Capability == capability && each.Result is not null && each.Base?.Change == state.Head?.Change);
            return call switch
            {
                null => new Verdict.Require(WorkerCall.To(capability, GoalOf(state)), $"'{capability}' has not seen the change that would be handed over."),
                { Succeeded: false } => new Verdict.Deny($"{call.Id} ('{capability}') did not succeed on the change that would be handed over: {call.Result!.Error?.Message}"),
                _ when RequestsChanges(await context.ReadAsync(call.Result!.Output, cancellationToken).ConfigureAwait(false)) =>
                    new Verdict.Deny($"{call.Id} ('{capability}') requests changes."),
                _ => Verdict.Allowed,
            };
        });
    }

    /// <summary>A rule that is one function. It must be quick and may be called concurrently.</summary>
    /// <param name="id">Its name in the record.</param>
    /// <param name="judge">Judges one thing.</param>
    public static IPolicy When(string id, Func<IPolicy.Subject, TaskState, Verdict> judge)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(judge);
        return new FunctionPolicy(id, (subject, state, _, _) => ValueTask.FromResult(judge(subject, state)));
    }

    private static string? Outside(IReadOnlyList<RepoPath> paths, Func<RepoPath, bool> isAllowed)
    {
        var outside = paths.Where(path => !isAllowed(path)).Take(10).ToList();
        return outside.Count == 0 ? null : string.Join(", ", outside.Select(path => $"'{path}'"));
    }

    private static string Describe(TestReport.Evidence evidence) => evidence.Failing.Count > 0
        ? string.Join(", ", evidence.Failing.Take(10))
        : evidence.Outcome switch
        {
            TestReport.Result.Empty => "no test ran",
            TestReport.Result.TimedOut => "they ran into their time limit",
            TestReport.Result.NotRun => "they could not be run",
            _ => "the test command failed",
        };

    private static JsonElement GoalOf(TaskState state) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["goal"] = state.Task.Goal }, CoreJsonContext.Default.DictionaryStringString);

    private static bool RequestsChanges(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object && output.TryGetProperty("verdict", out var verdict) && verdict.ValueEquals("changes_requested");
}
