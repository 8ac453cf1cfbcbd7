using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Testing;

namespace Orchestrator.Git.Tests;

/// <summary>
/// A bugfix on a real git repository with an SQLite journal, whose effects are counted from outside: the scripted model keeps a log of its own, the verification
/// command appends a line to a file, and commits are asked of git.
/// </summary>
internal sealed class BugfixScenario : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly ManualTimeProvider _time = new();
    private readonly string _verifications;
    private int _hosts;

    public BugfixScenario()
    {
        _verifications = Path.Combine(_repository.Folder, "verifications");
        _repository.Write("app/drafts.txt", "save the draft\nunder its title\n");
        _repository.Write("check.sh", """
            echo run >> "$1"
            grep -q untitled app/drafts.txt && failure="" || failure="<failure message='crash'>no title</failure>"
            more=""
            [ -e tests/more.txt ] && more="<testcase classname='Drafts' name='Regression'>$failure</testcase>"
            printf %s "<testsuite><testcase classname='Drafts' name='Untitled'>$failure</testcase><testcase classname='Drafts' name='Titled'/>$more</testsuite>" > "$ORCHESTRATOR_RESULTS/r.xml"
            [ -z "$failure" ]
            """);
        _repository.Commit();
    }

    public ScriptedChatClient Model { get; } = new ScriptedChatClient()
        .On("analysis", _ => """{"status":"success","likely_files":[{"path":"app/drafts.txt","reason":""}],"hypotheses":[{"statement":"No title.","evidence":""}],"notes":"","warnings":[]}""")
        .On("code_edit", _ => """
            ```diff name=patch
            --- a/app/drafts.txt
            +++ b/app/drafts.txt
            @@ -1,2 +1,2 @@
             save the draft
            -under its title
            +under its title, or untitled
            ```
            {"status":"success","patch":"@section:patch","notes":"","warnings":[]}
            """)
        .On("test_writer", _ => """{"status":"success","patch":null,"files":[{"path":"tests/more.txt","code":"regression\n"}],"tests":["Drafts.Regression"],"notes":"","warnings":[]}""")
        .On("reviewer", _ => """{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}""");

    public int Verifications => File.Exists(_verifications) ? File.ReadAllLines(_verifications).Length : 0;

    public SqliteRunJournal OpenJournal() => new(Path.Combine(_repository.Folder, "runs.db"), _time);

    public async Task<RunId> StartAsync()
    {
        await using var provider = Host(OpenJournal());
        return await provider.GetRequiredService<IOrchestrator>().StartAsync(new TaskRequest("Fix the crash when saving drafts"));
    }

    /// <summary>Drives the run on a fresh host, whose journal may be one that dies.</summary>
    public async Task<RunResult> DriveAsync(RunId run, IRunJournal journal)
    {
        // A dead host gives nothing back; its lease has to run out.
        _time.Advance(TimeSpan.FromMinutes(1));
        await using var provider = Host(journal);
        return await provider.GetRequiredService<IOrchestrator>().ResumeAsync(run).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>What git holds on the run's branch: the calls named in its commits, and the tree at its end.</summary>
    public (IReadOnlyList<string> Calls, string Tree) Branch(string name) => (
        _repository.Git("log", "--format=%(trailers:key=Orchestrator-Call,valueonly,separator=)", $"main..{name}").Split('\n', StringSplitOptions.RemoveEmptyEntries),
        _repository.Git("rev-parse", $"{name}^{{tree}}"));

    public void Dispose() => _repository.Dispose();

    private ServiceProvider Host(IRunJournal journal)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IRandomSource>(new SeededRandomSource(++_hosts));
        services.AddOrchestrator()
            .AddModel("coder", _ => Model)
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddCodingWorkers("coder")
            .AddPolicy(Policies.OnlyTouch("app/**", "tests/**"))
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"))
            .UseGit(git =>
            {
                git.CheckoutFolder = _repository.CheckoutFolder;
                git.AddRepository("drafts", _repository.Root, test: $"sh check.sh {Shell.Quote(_verifications)}");
            })
            .UseJournal(_ => journal);
        return services.BuildServiceProvider();
    }
}
