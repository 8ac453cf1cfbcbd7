using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator run</c>: accepts a task and drives it here.</summary>
internal static class StartCommand
{
    private const int LongestGoal = 20_000;

    public static Command Create(Surroundings surroundings)
    {
        var repo = new Option<string?>("--repo") { Description = "The repository's root; by default the one that the current folder is in.", HelpName = "DIR" };
        var goal = new Option<string>("--goal") { Description = "What is to be achieved.", Required = true, HelpName = "TEXT" };
        var workflow = new Option<string?>("--workflow") { Description = $"Who decides what comes next: {string.Join(", ", Wiring.Workflows)}.", HelpName = "NAME" };
        var paths = new Option<string[]>("--paths") { Description = "Globs of the paths that may be written; without them the whole repository.", HelpName = "GLOB", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var constraints = new Option<string[]>("--constraint") { Description = "A rule that workers are told, in plain words. May be given several times.", HelpName = "TEXT", DefaultValueFactory = _ => [] };
        var attach = new Option<string[]>("--attach") { Description = "Text files that help, such as a crash log; each is cut to 64 KiB.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var askBefore = new Option<string[]>("--ask-before") { Description = "Globs of the paths whose change a person must approve before it is committed.", HelpName = "GLOB", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var targets = new Option<string[]>("--target-test") { Description = "Names of tests that must pass in the end, as the test report has them.", HelpName = "TEST", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var test = new Option<string?>("--test") { Description = "The shell command that runs all tests; found by looking where none is given.", HelpName = "CMD" };
        var subset = new Option<string?>("--test-subset") { Description = "The command for some tests, with '{tests}' where their names go.", HelpName = "TEMPLATE" };
        var setup = new Option<string?>("--setup") { Description = "The shell command that prepares a fresh checkout, such as 'npm ci'.", HelpName = "CMD" };
        var revision = new Option<string?>("--revision") { Description = "The commit or branch to start from; by default HEAD.", HelpName = "REV" };
        var dirty = new Option<bool>("--include-dirty") { Description = "Starts from your checkout as it is, with its uncommitted changes, instead of from HEAD." };
        var model = ModelFlags.Model();
        var endpoint = ModelFlags.Endpoint();
        var price = ModelFlags.Price();
        var window = ModelFlags.ContextWindow();
        var command = new Command("run", "Carries a task out on a repository, on a branch of its own; your checkout stays as it is.")
        {
            repo, goal, workflow, paths, askBefore, constraints, attach, targets, test, subset, setup, revision, dirty, model, endpoint, price, window, Journals.Option,
        };
        command.Does(surroundings, async (parsed, interrupt) =>
        {
            var json = CommonOptions.IsJson(parsed);
            var notes = new List<string>();
            var task = new TaskRequest(CheckGoal(parsed.GetValue(goal)!)) { Attachments = Attachments.Read(surroundings, parsed.GetValue(attach)!, notes) };
            var start = parsed.GetValue(revision) ?? "";
            var repository = await Repository.FindAsync(surroundings, parsed.GetValue(repo), interrupt).ConfigureAwait(false);
            notes.AddRange(await repository.CheckAsync(start, interrupt).ConfigureAwait(false));
            var included = parsed.GetValue(dirty) ? await DirtyStart.TakeAsync(surroundings, repository, start, interrupt).ConfigureAwait(false) : null;
            notes.AddRange(included?.Notes ?? []);
            start = included?.Commit ?? start;
            var config = ConfigFile.Read(repository);
            var settings = config.Settings;
            settings = settings with
            {
                Test = parsed.GetValue(test) ?? settings.Test,
                TestSubset = parsed.GetValue(subset) ?? (parsed.GetValue(test) is null ? settings.TestSubset : ""),
                SetUp = parsed.GetValue(setup) ?? settings.SetUp,
                Model = parsed.GetValue(model) ?? settings.Model,
                Endpoint = parsed.GetValue(endpoint) ?? settings.Endpoint,
                Price = parsed.GetValue(price) ?? settings.Price,
                ContextWindow = parsed.GetValue(window) ?? settings.ContextWindow,
                AskBefore = parsed.GetValue(askBefore) is { Length: > 0 } asked ? RunSettings.JoinGlobs("--ask-before", asked) : settings.AskBefore,
                DirtyOn = included?.Parent ?? "",
            };
            var chosen = parsed.GetValue(workflow) ?? (config.Workflow.Length > 0 ? config.Workflow : Wiring.Workflows[0]);
            if (!Wiring.Workflows.Contains(chosen))
            {
                throw CliException.BadInput($"--workflow: there is no workflow '{chosen}'; there are {string.Join(", ", Wiring.Workflows)}.");
            }

            settings = ModelSetup.Choose(surroundings, settings, endpointIsTheUsers: parsed.GetValue(endpoint) is not null);
            settings = await FindTestsAsync(repository, settings, start, parsed.GetValue(setup) is not null, notes, interrupt).ConfigureAwait(false);
            _ = settings.ToRepositoryOptions();
            task = task with
            {
                Scope = new TaskRequest.RepoScope { Repo = repository.Root, Paths = parsed.GetValue(paths) is { Length: > 0 } given ? given : config.Paths, TargetTests = parsed.GetValue(targets)!, Revision = start },
                Constraints = [.. config.Constraints, .. parsed.GetValue(constraints)!],
                Workflow = chosen,
                Labels = settings.ToLabels(),
            };

            var (path, hint) = Journals.Locate(surroundings, parsed);
            var wiring = Wiring.Of(surroundings, Journals.Create(surroundings, path, repository, isDefault: hint.Length == 0), settings);
            await using var closing = wiring.ConfigureAwait(false);
            await PrefaceAsync(surroundings, repository, settings, notes, json).ConfigureAwait(false);
            var run = await wiring.Orchestrator.StartAsync(task, interrupt).ConfigureAwait(false);
            await AcceptedAsync(surroundings, run, settings, notes, json).ConfigureAwait(false);
            return await new Driving(surroundings, wiring.Orchestrator, json, hint).DriveAsync(run, [], interrupt).ConfigureAwait(false);
        });
        return command;
    }

    private static string CheckGoal(string goal)
    {
        if (string.IsNullOrWhiteSpace(goal))
        {
            throw CliException.BadInput("--goal is empty; say what is to be achieved.");
        }

        var control = goal.FirstOrDefault(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t'));
        if (control != default)
        {
            throw CliException.BadInput($"--goal holds the control character U+{(int)control:X4}; write it in plain text.");
        }

        return goal.Length <= LongestGoal ? goal.Trim() : throw CliException.BadInput($"--goal has {goal.Length} characters, and at most {LongestGoal} are taken; put the details into a file and give it with --attach.");
    }

    private static async Task<RunSettings> FindTestsAsync(Repository repository, RunSettings settings, string start, bool hasSetUp, List<string> notes, CancellationToken cancellationToken)
    {
        if (settings.Test.Trim().Length > 0)
        {
            return settings;
        }

        var found = await new TestFinder(repository.Git, start.Length == 0 ? "HEAD" : start).FindAsync(cancellationToken).ConfigureAwait(false);
        if (found is not [var first, ..])
        {
            throw CliException.BadInput($"How '{repository.Root}' is tested was not found (looked for dotnet, npm, pytest, unittest, go, cargo and make). Say so with --test CMD, or with \"test\" in {ConfigFile.Name}; without tests nobody could tell whether a fix works.");
        }

        notes.Add($"The test command was found by looking at {first.Because}{(found.Count > 1 ? $"; it could also be {string.Join(" or ", found.Skip(1).Select(other => $"'{other.Test}'"))}" : "")}. Give --test to run another.");
        return settings with { Test = first.Test, SetUp = hasSetUp || settings.SetUp.Length > 0 ? settings.SetUp : first.SetUp };
    }

    /// <summary>Says what will be run before anything is.</summary>
    private static async Task PrefaceAsync(Surroundings surroundings, Repository repository, RunSettings settings, List<string> notes, bool json)
    {
        if (json)
        {
            return;
        }

        await surroundings.Out.WriteLineAsync($"Repository: {repository.Root}").ConfigureAwait(false);
        await surroundings.Out.WriteLineAsync($"Model:      {settings.Model}{(settings.Endpoint.Length > 0 ? $" at {settings.Endpoint}" : "")}").ConfigureAwait(false);
        if (settings.SetUp.Length > 0)
        {
            await surroundings.Out.WriteLineAsync($"Set-up:     {Plain.Line(settings.SetUp)}").ConfigureAwait(false);
        }

        await surroundings.Out.WriteLineAsync($"Tests:      {Plain.Line(settings.Test)}").ConfigureAwait(false);
        foreach (var note in notes)
        {
            await surroundings.Out.WriteLineAsync($"Note:       {Plain.Line(note)}").ConfigureAwait(false);
        }
    }

    private static async Task AcceptedAsync(Surroundings surroundings, RunId run, RunSettings settings, List<string> notes, bool json)
    {
        if (json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "accepted", run = run.ToString(), test = settings.Test, setup = settings.SetUp, model = settings.Model, endpoint = settings.Endpoint, notes }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Out.WriteLineAsync($"Run:        {run}\n").ConfigureAwait(false);
        }
    }
}
