using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>The options that say which model works.</summary>
internal static class ModelFlags
{
    public static Option<string?> Model() => new("--model") { Description = "The model: claude-… with ANTHROPIC_API_KEY, any other with OPENAI_API_KEY or --endpoint.", HelpName = "NAME" };

    public static Option<string?> Endpoint() => new("--endpoint") { Description = "The base address of a server that speaks OpenAI's chat API, such as http://localhost:11434/v1.", HelpName = "URL" };

    public static Option<string?> ContextWindow() => new("--context-window") { Description = "How many tokens the model can hold, its reply included; 128000 where nothing is said.", HelpName = "TOKENS" };

    public static Option<string?> Price() => new("--price") { Description = "What a million tokens cost, in and out, such as 5/25; without it tokens are counted but no money is.", HelpName = "IN/OUT" };
}
