using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>A worker's prompt: the role, which a host may replace, and the contract, which it may not.</summary>
/// <param name="Id">Capability and version.</param>
/// <param name="Text">The whole of it.</param>
/// <param name="Hash">Hash of the text.</param>
internal sealed record WorkerPrompt(string Id, string Text, string Hash)
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static WorkerPrompt For<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, string? role)
        where TInput : class
        where TOutput : class
    {
        var text = $"{(role ?? RolePrompts.Of(contract.Capability)).Trim()}\n\n{ContractSection(contract.Capability, contract.Version, contract.OutputSchema, contract.OutputType)}";
        return new WorkerPrompt($"{contract.Capability}/{contract.Version}", text, ModelRequest.HashOf(text));
    }

    /// <summary>The same prompt for the second and last try.</summary>
    public WorkerPrompt ForRepair()
    {
        var text = $"{Text}\n\n{RolePrompts.Repair}";
        return new WorkerPrompt(Id + "/repair", text, ModelRequest.HashOf(text));
    }

    /// <summary>Whether the output carries code, which models write better outside of JSON strings.</summary>
    public static bool CarriesCode(JsonTypeInfo output) => output.Properties.Any(member =>
        member.PropertyType == typeof(PatchText)
        || (!member.PropertyType.IsValueType && output.Options.GetTypeInfo(member.PropertyType).ElementType == typeof(CodeFile)));

    private static string ContractSection(string capability, int version, JsonElement schema, JsonTypeInfo output)
    {
        var text = new StringBuilder();
        text.Append("# Reply\n\n");
        text.Append("Your reply is read by a program under the contract ").Append(capability).Append('/').Append(version).Append(". Give exactly one JSON object that keeps this schema, and no other JSON:\n\n");
        text.Append("```json\n").Append(Write(schema)).Append("\n```\n\n");
        text.Append("Every member must be there; null is allowed only where the schema says so. Write no comments into the JSON.\n");
        if (CarriesCode(output))
        {
            text.Append('\n').Append(RolePrompts.Sections).Append('\n');
        }

        if (output.Properties.Any(member => member.PropertyType == typeof(PatchText)))
        {
            text.Append('\n').Append(RolePrompts.Diffs).Append('\n');
        }

        return text.ToString();
    }

    private static string Write(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
