using Microsoft.Extensions.AI;

namespace Orchestrator.Cli;

/// <summary>All that a command knows of the process it runs in, so that tests can run it without one.</summary>
internal sealed record Surroundings(TextWriter Out, TextWriter Error, Func<Stream> In, string Directory, Func<string, string?> Variable)
{
    /// <summary>Whether <see cref="Out"/> is a terminal that can be drawn on.</summary>
    public bool IsTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The model that tests put in place of a hosted one.</summary>
    public Func<IChatClient>? Model { get; init; }

    public static Surroundings OfThisProcess() => new(
        Console.Out,
        Console.Error,
        Console.OpenStandardInput,
        Environment.CurrentDirectory,
        Environment.GetEnvironmentVariable)
    {
        IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
    };

    /// <summary>A path as the user wrote it, from the folder that the command was given in.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
