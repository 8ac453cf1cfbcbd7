namespace Orchestrator;

/// <summary>A file of which a model was given some lines, or none, although it knows of the file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">All of it.</param>
/// <param name="Lines">What was given.</param>
internal sealed record SeenFile(string Path, string Text, IReadOnlyList<SourceFile.Lines> Lines);
