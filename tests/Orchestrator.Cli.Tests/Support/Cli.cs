using System.Text;
using System.Text.Json;

namespace Orchestrator.Cli.Tests;

/// <summary>Runs commands in this process and keeps what they write.</summary>
internal sealed class Cli(string directory)
{
    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; set; } = "";

    public Func<Microsoft.Extensions.AI.IChatClient>? Model { get; set; }

    public bool IsTerminal { get; set; }

    public Task<Ended> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public async Task<Ended> RunAsync(CancellationToken interrupt, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var surroundings = new Surroundings(
            TextWriter.Synchronized(output),
            TextWriter.Synchronized(error),
            () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            directory,
            name => Variables.GetValueOrDefault(name)) { Model = Model, IsTerminal = IsTerminal };
        var code = await CommandLine.RunAsync(args, surroundings, interrupt);
        return new Ended(code, output.ToString(), error.ToString());
    }

    internal sealed record Ended(int ExitCode, string Out, string Error)
    {
        public JsonElement Json => JsonElement.Parse(Out);

        public IReadOnlyList<JsonElement> JsonLines => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
