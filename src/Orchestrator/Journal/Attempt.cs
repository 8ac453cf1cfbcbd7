using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>One model request or one start of a process inside a call: what it is about to do, and what came of it.</summary>
public static class Attempt
{
    /// <summary>What an attempt is about to do, recorded before it does it.</summary>
    /// <param name="Kind">A model request or a command.</param>
    /// <param name="Target">The registered model, or the command.</param>
    /// <param name="RequestHash">Hash of the whole request: the same request that has a receipt is not sent again.</param>
    public sealed record Intent(Type Kind, string Target, string RequestHash)
    {
        /// <summary>Which prompt it uses, such as <c>code_edit/1</c>; empty for none.</summary>
        public string Prompt { get; init => field = value ?? ""; } = "";

        /// <summary>Hash of that prompt's text.</summary>
        public string PromptHash { get; init => field = value ?? ""; } = "";

        /// <summary>Tokens held: the most that the request can use.</summary>
        public TokenUsage HeldTokens { get; init; }

        /// <summary>Money held; <see langword="null"/> where the model has no price.</summary>
        public decimal? HeldCost { get; init; }
    }

    /// <summary>What came of an attempt.</summary>
    /// <param name="Succeeded">Whether there is a reply to use.</param>
    public sealed record Receipt(bool Succeeded)
    {
        /// <summary>The reply, or the part of it that arrived before it broke off.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Payload Reply { get; init; }

        /// <summary>The model that answered, by its own account; empty where it did not say.</summary>
        public string Model { get; init => field = value ?? ""; } = "";

        /// <summary>Tokens used, by the model's account or, without one, by the hold.</summary>
        public TokenUsage Usage { get; init; }

        /// <summary>What it cost; <see langword="null"/> where the model has no price.</summary>
        public decimal? Cost { get; init; }

        /// <summary>Why it failed.</summary>
        public string Error { get; init => field = value ?? ""; } = "";

        /// <summary>How long it took.</summary>
        public TimeSpan Duration { get; init; }
    }

    /// <summary>What an attempt starts.</summary>
    public enum Type
    {
        /// <summary>One request to a model.</summary>
        [JsonStringEnumMemberName("model")] Model,

        /// <summary>One command in the workspace.</summary>
        [JsonStringEnumMemberName("command")] Command,
    }
}
