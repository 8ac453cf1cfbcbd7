using System.Text.Json;

namespace Orchestrator;

/// <summary>The payload of a plan step that has no input of its own: <c>{"goal", "reads", "writes"}</c>, and <c>file_path</c> where it writes one file. The ready-made contracts know what to make of it.</summary>
internal static class StepPayload
{
    public const string Goal = "goal";
    public const string Reads = "reads";
    public const string Writes = "writes";
    public const string FilePath = "file_path";

    public static Payload Of(PlanStep step)
    {
        if (!step.Input.IsNone)
        {
            return step.Input;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(Goal, step.Description);
            WriteList(writer, Reads, step.Reads);
            WriteList(writer, Writes, step.Writes);
            if (step.Writes is [var only])
            {
                writer.WriteString(FilePath, only);
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return Payload.Of(document.RootElement.Clone());
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var path in paths)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
    }
}
