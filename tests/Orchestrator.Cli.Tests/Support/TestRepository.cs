using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>A repository with a bug, its checkout, a journal beside it, and a model that knows the fix.</summary>
internal sealed class TestRepository : IDisposable
{
    public const string Test = "sh test.sh";

    private readonly TemporaryFolder _folder = new();

    public TestRepository()
    {
        _folder.Write("repo/app.txt", "first\nbroken\nlast\n").Write("repo/test.sh", "grep -q fixed app.txt\n").Write("repo/.gitignore", "*.log\n");
        Git("init", "--quiet", "--initial-branch=main");
        Git("config", "user.name", "User");
        Git("config", "user.email", "user@localhost");
        Commit();
        Cli = new Cli(_folder.Path) { Model = () => Model };
        Cli.Variables["XDG_STATE_HOME"] = At("state");
        Cli.Variables["HOME"] = At("home");
        Cli.Variables["USER"] = "user";
    }

    public Cli Cli { get; }

    public string Root => _folder.At("repo");

    public string Journal => _folder.At("state/orchestrator/runs.db");

    public ScriptedChatClient Model { get; set; } = Fixer();

    public string this[string path] => _folder["repo/" + path];

    /// <summary>A model that fixes the bug, or believes that it does.</summary>
    public static ScriptedChatClient Fixer(string line = "fixed") => new ScriptedChatClient()
        .On("analysis", _ => """{"status":"success","likely_files":[{"path":"app.txt","reason":"It says so."}],"hypotheses":[{"statement":"A line is broken.","evidence":"broken"}],"notes":"","warnings":[]}""")
        .On("code_edit", _ => $$"""
            ```diff name=patch
            --- a/app.txt
            +++ b/app.txt
            @@ -1,3 +1,3 @@
             first
            -broken
            +{{line}}
             last
            ```
            {"status":"success","patch":"@section:patch","notes":"","warnings":[]}
            """)
        .On("test_writer", _ => """{"status":"failed","patch":null,"files":[],"tests":[],"notes":"There is a test already.","warnings":[]}""")
        .On("reviewer", _ => """{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}""");

    public string At(string path) => _folder.At(path);

    public TestRepository Write(string path, string text)
    {
        _folder.Write("repo/" + path, text);
        return this;
    }

    public void Commit(string message = "Start")
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--message", message);
    }

    public string Git(params string[] arguments) => GitAt(Root, arguments);

    public static string GitAt(string folder, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        using var process = Process.Start(new ProcessStartInfo("git", (string[])["-C", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>All that a run must leave as it is.</summary>
    public string Untouched() => string.Join('\n', Git("rev-parse", "HEAD"), Git("symbolic-ref", "HEAD"), Git("status", "--porcelain"), Git("stash", "list"), Git("ls-files", "--stage"),
        string.Join('\n', Directory.GetFiles(Root).Select(file => $"{file} {File.ReadAllText(file)}")));

    /// <summary>Fixes the bug.</summary>
    public async Task<(Cli.Ended Ended, string Run)> FixAsync(params string[] more)
    {
        var ended = await Cli.RunAsync(["run", "--repo", Root, "--goal", "Fix the broken line", "--test", Test, "--json", .. more]);
        return (ended, ended.JsonLines[0].GetProperty("run").GetString()!);
    }

    public void Dispose() => _folder.Dispose();
}
