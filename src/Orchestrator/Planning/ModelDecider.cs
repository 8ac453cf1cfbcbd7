using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Lets a model decide: shows it the run, reads one decision strictly, and asks once more with everything that was wrong.</summary>
/// <remarks>Holds no state. The same state makes the same request, so a reply that was recorded before a crash is found again and not paid for twice.</remarks>
internal sealed class ModelDecider(string model) : IDecider
{
    /// <summary>About how many tokens the view of the run may take.</summary>
    public const int ViewTokens = 16_000;

    private const int MaxShownAgain = 16_000;

    /// <summary>Of less nobody can decide; a window that is too small for it is refused by the model's own server.</summary>
    private const int LeastView = 1_000;

    /// <summary>The calls whose outputs are fetched from wherever the journal keeps them.</summary>
    private const int OutputsRead = 24;

    private string? _prompt;
    private IReadOnlyList<CapabilityCard>? _promptOf;

    public async ValueTask<Decision> DecideAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken)
    {
        var client = context.Models.Get(model);
        var prompt = PromptFor(context.Capabilities);
        var outputs = await ReadOutputsAsync(state, context, cancellationToken).ConfigureAwait(false);
        var summary = context.Files is { } files ? await files.SummariseAsync(cancellationToken).ConfigureAwait(false) : "";
        var question = new ChatMessage(ChatRole.User, DeciderView.Render(state, ViewTokensOf(client, prompt), outputs, summary) + "\n\nWhat happens next?");

        var (first, reading) = await AskAsync(client, prompt, [question], isRepair: false, cancellationToken).ConfigureAwait(false);
        if (reading.Value is { } decision)
        {
            return decision.ToDecision();
        }

        var (second, corrected) = await AskAsync(client, prompt, [question, .. Shown(first, reading.Violations)], isRepair: true, cancellationToken).ConfigureAwait(false);
        return corrected.Value is { } better
            ? better.ToDecision()
            : throw new InvalidDecisionException($"The answer is no decision, and neither was the corrected one: {string.Join(" ", corrected.Violations.Take(10))}", second.Length > 0 ? second : first);
    }

    private static async Task<(string Text, ContractReading<DecisionReply> Reading)> AskAsync(
        IChatClient client,
        string prompt,
        IReadOnlyList<ChatMessage> messages,
        bool isRepair,
        CancellationToken cancellationToken)
    {
        var options = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(DeciderPrompt.Schema, $"{DecisionReply.Capability}_v{DecisionReply.Version}", "The next decision."),
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                [PromptKeys.Id] = isRepair ? DeciderPrompt.Id + "/repair" : DeciderPrompt.Id,

                // Payloads are of other contracts, which no strict schema can say.
                [PromptKeys.Strict] = false,
            },
        };
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.System, prompt), .. messages], options, cancellationToken).ConfigureAwait(false);
        var text = response.Text;
        var refusal = response.FinishReason == ChatFinishReason.ContentFilter ? "the model's provider withheld the reply (content filter)"
            : text.Length == 0 && response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().FirstOrDefault() is { } error ? $"the model refused: {error.Message}"
            : null;
        return (text, refusal is null
            ? ReplyReader.Read(text, ContractJsonContext.Default.DecisionReply).Reading
            : new ContractReading<DecisionReply>(null, default, [new Violation("$", refusal)], []));
    }

    /// <summary>The bad reply and what is wrong with it. An empty one is not shown: no provider takes an empty message.</summary>
    private static IEnumerable<ChatMessage> Shown(string reply, IReadOnlyList<Violation> violations)
    {
        if (!string.IsNullOrWhiteSpace(reply))
        {
            yield return new ChatMessage(ChatRole.Assistant, reply.Length <= MaxShownAgain ? reply : $"{reply[..(MaxShownAgain / 2)]}\n[…]\n{reply[^(MaxShownAgain / 2)..]}");
        }

        var complaint = new StringBuilder("That is no decision that can be carried out:\n");
        foreach (var violation in violations)
        {
            complaint.Append("- ").Append(violation).Append('\n');
        }

        yield return new ChatMessage(ChatRole.User, complaint.Append("\nGive the whole decision again, corrected: one JSON object and nothing else.").ToString());
    }

    private static async ValueTask<Dictionary<CallId, JsonElement>> ReadOutputsAsync(TaskState state, DeciderContext context, CancellationToken cancellationToken)
    {
        var outputs = new Dictionary<CallId, JsonElement>();
        for (var number = state.Calls.Count; number > 0 && outputs.Count < OutputsRead; number--)
        {
            if (state.Find(new CallId(number)) is { Result: { Output.IsNone: false } result } call)
            {
                outputs[call.Id] = await context.ReadAsync(result.Output, cancellationToken).ConfigureAwait(false);
            }
        }

        return outputs;
    }

    /// <summary>What the model's window leaves for the view, beside the prompt, the schema, the answer and a second try.</summary>
    private static int ViewTokensOf(IChatClient client, string prompt)
    {
        var model = client.GetService<ModelOptions>() ?? new ModelOptions();
        var budget = new ContextBudget(model.ContextWindow, model.MaxOutputTokens, TokenEstimate.Of(prompt) + TokenEstimate.Of(DeciderPrompt.Schema.GetRawText()));
        return Math.Max(LeastView, Math.Min(ViewTokens, budget.Input));
    }

    private string PromptFor(IReadOnlyList<CapabilityCard> capabilities)
    {
        // Two threads may both write it; they write the same.
        if (_prompt is null || !ReferenceEquals(_promptOf, capabilities))
        {
            _prompt = DeciderPrompt.For(capabilities);
            _promptOf = capabilities;
        }

        return _prompt;
    }
}
