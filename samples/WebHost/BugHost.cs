using System.Text.Json;
using System.Text.Json.Serialization;
using Anthropic;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.AI;
using Orchestrator;

namespace WebHost;

/// <summary>A web application that takes bugs, has them fixed in the background, and asks a person before a fix is written.</summary>
public static class BugHost
{
    private const string Model = "claude-opus-4-6";

    /// <summary>Puts the application together.</summary>
    /// <param name="args">Settings such as <c>--Bugs:Folder=/var/lib/bugs</c>, <c>--Bugs:Repository=../shop</c>, <c>--Bugs:Test="npm test"</c>, <c>--urls=http://127.0.0.1:5080</c>.</param>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = builder.Configuration.GetSection("Bugs");
        var folder = Path.GetFullPath(settings["Folder"] ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "orchestrator-webhost"));
        Directory.CreateDirectory(folder);
        var repository = settings["Repository"] ?? await SampleRepository.LayOutAsync(folder);
        var key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY") ?? "";
        var about = new About(key.Length > 0 ? Model : "scripted replies, as no ANTHROPIC_API_KEY is set", repository);

        // There is no authentication in this sample, so nobody but this machine's users may come near it, and no web page of elsewhere through their browsers.
        builder.Configuration["urls"] ??= "http://127.0.0.1:5080";
        builder.Configuration["AllowedHosts"] ??= "localhost;127.0.0.1";
        builder.Services.AddOrchestrator()
            .AddModel("coder", _ => key.Length > 0 ? new AnthropicClient { ApiKey = key, MaxRetries = 0 }.AsIChatClient(Model) : ScriptedReplies.Client())
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddCodingWorkers(model: "coder")
            .AddPolicy("ask_before_the_fix", Approval.AskBeforeTheFix)
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish("reviewer"))
            .AddSecret(_ => key)
            .UseGit(git => git.AddRepository("app", repository, test: settings["Test"] ?? SampleRepository.Test))
            .UseSqliteJournal(Path.Combine(folder, "runs.db"))
            .RunInBackground(maxRuns: 4);
        builder.Services.AddProblemDetails().AddExceptionHandler<Problems>();
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapGet("/", () => about);
        app.MapBugs();
        return app;
    }

    /// <summary>What answers here.</summary>
    private sealed record About(string Model, string Repository);
}
