using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Workers;

/// <summary>What models may look up while they work, through the real engine.</summary>
public sealed class FileToolsTests
{
    private const string Found = """{"status":"success","likely_files":[{"path":"app/drafts.cs","reason":"It trims null."}],"hypotheses":[{"statement":"Null","evidence":"line 2"}],"notes":"","warnings":[]}""";

    private static readonly Dictionary<string, string> Files = new()
    {
        ["app/drafts.cs"] = "class Drafts\n{\n    string Save(string? text) => text.Trim();\n}\n",
        ["app/mail.cs"] = "class Mail;\n",
        ["long.txt"] = string.Join('\n', Enumerable.Range(1, 9_000).Select(number => $"line {number}")),
    };

    [Fact]
    public async Task A_model_reads_searches_and_lists_and_every_file_looked_into_is_recorded()
    {
        var model = new ScriptedChatClient().On(
            "analysis",
            new ScriptedReply { ToolCalls = [Call("t1", "list", ("paths", "app")), Call("t2", "search", ("text", "trim"), ("paths", "app/**"))] },
            new ScriptedReply { ToolCalls = [Call("t3", "read_file", ("path", "app/drafts.cs"))] },
            Found);

        var (result, record) = await RunAsync(model);

        Assert.True(result.Calls[0].Succeeded, record.ToMarkdown());
        var answers = Answers(model);
        Assert.Equal("app/drafts.cs\napp/mail.cs", answers["t1"]);
        Assert.Equal("app/drafts.cs:3: string Save(string? text) => text.Trim();\n", answers["t2"]);
        Assert.Equal(Files["app/drafts.cs"], answers["t3"]);
        Assert.Equal(["app/drafts.cs", "app/mail.cs"], record.Events.Select(each => each.Event).OfType<RunEvent.FilesRead>().SelectMany(read => read.Reads).Select(read => read.Path.Value).Distinct().Order());
        Assert.Equal(3, record.Events.Count(each => each.Event is RunEvent.AttemptEnded));
    }

    [Fact]
    public async Task What_cannot_be_served_is_answered_in_words()
    {
        var model = new ScriptedChatClient().On(
            "analysis",
            new ScriptedReply
            {
                ToolCalls =
                [
                    Call("t1", "delete_file", ("path", "app/drafts.cs")), Call("t2", "read_file"), Call("t3", "read_file", ("path", "../secrets")),
                    Call("t4", "read_file", ("path", "app/draft.cs")), Call("t5", "search", ("text", "no such text")), Call("t6", "list", ("paths", "nowhere/**")),
                    Call("t7", "read_file", ("path", "long.txt")), Call("t8", "read_file", ("path", "long.txt"), ("first_line", 8_000), ("last_line", 8_001)), Call("t9", "list"),
                ],
            },
            Found);

        var (result, _) = await RunAsync(model);

        Assert.True(result.Calls[0].Succeeded);
        var answers = Answers(model);
        Assert.Contains("there is no tool 'delete_file'; there are read_file, search and list", answers["t1"], StringComparison.Ordinal);
        Assert.Contains("needs a JSON object with 'path'", answers["t2"], StringComparison.Ordinal);
        Assert.Contains("is not a path inside the repository", answers["t3"], StringComparison.Ordinal);
        Assert.Contains("Did you mean 'app/drafts.cs'", answers["t4"], StringComparison.Ordinal);
        Assert.Contains("nothing found in 3 files", answers["t5"], StringComparison.Ordinal);
        Assert.Equal("there are no such files", answers["t6"]);
        Assert.Matches(@"^\[lines 1 to \d+ of 9000; read on from line \d+\]", answers["t7"]);
        Assert.Equal("[lines 8000 to 8001 of 9000]\nline 8000\nline 8001\n", answers["t8"]);
        Assert.Contains("at most 8 tools are served at once", answers["t9"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_never_stops_looking_is_made_to_reply()
    {
        var model = new ScriptedChatClient().On("analysis", request => request.Options!.ToolMode is NoneChatToolMode ? Found : new ScriptedReply { ToolCalls = [Call($"t{request.Number}", "list")] });

        var (result, _) = await RunAsync(model);

        Assert.True(result.Calls[0].Succeeded);
        Assert.Equal(5, model.Requests.Count);
        Assert.All(model.Requests, request => Assert.Equal(["read_file", "search", "list"], request.Options!.Tools!.Select(tool => tool.Name)));
    }

    [Fact]
    public async Task What_was_shown_before_an_answer_had_to_be_cut_stays_known()
    {
        var files = new TreeOfFiles { ["a.cs"] = "class A;\n", ["long.txt"] = Files["long.txt"] };
        var tools = new FileTools(files, tokens: 100);

        await tools.AnswerAsync([Call("t1", "read_file", ("path", "a.cs")), Call("t2", "read_file", ("path", "long.txt"))], default);

        Assert.Equal("a.cs", Assert.Single(tools.Shown).Path);
    }

    [Fact]
    public async Task Tools_can_be_switched_off()
    {
        var model = new ScriptedChatClient().On("analysis", Found);

        await RunAsync(model, tools: false);

        Assert.Null(model.Requests[0].Options!.Tools);
    }

    private static FunctionCallContent Call(string id, string name, params (string Name, object Value)[] arguments) =>
        new(id, name, arguments.ToDictionary(pair => pair.Name, pair => (object?)pair.Value));

    private static Dictionary<string, string> Answers(ScriptedChatClient model) =>
        model.Requests[^1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToDictionary(result => result.CallId, result => result.Result!.ToString()!);

    private static async Task<(RunResult Result, RunRecord Record)> RunAsync(ScriptedChatClient model, bool tools = true)
    {
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddModel("coder", _ => model)
            .AddCodingWorkers("coder", tools)
            .AddWorkflow("once", state => state.Calls.Count == 0 ? new Decision.CallWorker([Analysis.Contract.Call(new Analysis.Input("It crashes."))]) : new Decision.Finish("Done."))
            .UseWorkspace(_ => new InMemoryWorkspaceProvider(Files));
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var result = await orchestrator.RunAsync(new TaskRequest("Find the cause")).WaitAsync(TimeSpan.FromSeconds(20));
        return (result, await orchestrator.ReadAsync(result.Run));
    }
}
