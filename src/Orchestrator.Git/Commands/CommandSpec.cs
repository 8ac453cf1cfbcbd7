namespace Orchestrator;

/// <summary>One shell command and its bounds.</summary>
/// <param name="Text">What the shell is given.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Environment">All that it sees of the environment.</param>
/// <param name="Mark">What marks its processes; also in its environment.</param>
/// <param name="TimeLimit">When it is ended.</param>
/// <param name="OutputLimit">How many bytes of its output are kept.</param>
internal sealed record CommandSpec(string Text, string Directory, IReadOnlyDictionary<string, string> Environment, string Mark, TimeSpan TimeLimit, int OutputLimit);
