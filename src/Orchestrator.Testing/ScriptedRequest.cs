using Microsoft.Extensions.AI;

namespace Orchestrator.Testing;

/// <summary>A request as a <see cref="ScriptedChatClient"/> received it.</summary>
/// <param name="Number">Counts the client's requests from one.</param>
/// <param name="Role">The role that the request names in its response format, such as <c>code_edit</c>; empty where it names none.</param>
/// <param name="Messages">The messages.</param>
/// <param name="Options">The options, as they were sent.</param>
public sealed record ScriptedRequest(int Number, string Role, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The version of the role's contract; zero where the request names none.</summary>
    public int Version { get; init; }

    /// <summary>How many requests of the same role came before this one.</summary>
    public int Earlier { get; init; }

    /// <summary>The text of all messages, one after the other.</summary>
    public string Text => string.Join("\n", Messages.Select(message => message.Text));

    /// <summary>The text of the last message.</summary>
    public string LastText => Messages.Count == 0 ? "" : Messages[^1].Text;

    internal static (string Role, int Version) RoleOf(ChatOptions? options)
    {
        var name = (options?.ResponseFormat as ChatResponseFormatJson)?.SchemaName ?? "";
        var mark = name.LastIndexOf("_v", StringComparison.Ordinal);
        return mark > 0 && int.TryParse(name.AsSpan(mark + 2), out var version) ? (name[..mark], version) : (name, 0);
    }
}
