using System.Diagnostics;
using Orchestrator.Cli.Tests;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>A repository with a bug, and a model on the loopback address that knows the fix and answers at once.</summary>
internal sealed class Repository : IAsyncDisposable
{
    private const string Fix = """
        ```diff name=patch
        --- a/app.txt
        +++ b/app.txt
        @@ -1 +1 @@
        -broken
        +fixed
        ```
        {"status":"success","patch":"@section:patch","notes":"","warnings":[]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-bench-cli-").FullName;
    private readonly LoopbackModel _model = new(new ScriptedChatClient()
        .On("analysis", _ => """{"status":"success","likely_files":[{"path":"app.txt","reason":"r"}],"hypotheses":[{"statement":"s","evidence":"e"}],"notes":"","warnings":[]}""")
        .On("code_edit", _ => Fix)
        .On("test_writer", _ => """{"status":"failed","patch":null,"files":[],"tests":[],"notes":"There is a test.","warnings":[]}""")
        .On("reviewer", _ => """{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}"""));

    public static async Task<Repository> CreateAsync()
    {
        var repository = new Repository();
        var layOut = "git init --quiet . && echo broken > app.txt && git add . && git -c user.name=B -c user.email=b@localhost -c commit.gpgSign=false commit --quiet --message Start";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", layOut]) { WorkingDirectory = repository._folder })!;
        await shell.WaitForExitAsync();
        return repository;
    }

    /// <summary>One run from the command to its result.</summary>
    public Task<Times> RunAsync(string program, string test) => Command.RunAsync(
        "run",
        program,
        ["run", "--repo", _folder, "--goal", "Fix the broken line", "--test", test, "--endpoint", _model.Endpoint, "--model", "loopback", "--json"],
        new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder + ".state", ["OPENAI_API_KEY"] = "" });

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + ".state", recursive: true);
    }
}
