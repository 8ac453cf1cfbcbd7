using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Lets a model do the work of one contract: ask, read strictly, ask once more with everything that was wrong, and keep the text where that did not help.</summary>
internal sealed class ModelWorker<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, ModelWorkerOptions options)
    where TInput : class
    where TOutput : class
{
    /// <summary>How much of a reply that could not be read is shown to the model again.</summary>
    private const int MaxShownAgain = 48_000;
    private const int CharactersPerToken = 3;

    private readonly WorkerPrompt _repair = WorkerPrompt.For(contract, options.RolePrompt).ForRepair();

    public string Model => options.Model;

    public WorkerPrompt Prompt { get; } = WorkerPrompt.For(contract, options.RolePrompt);

    public async Task<BoundReply> RunAsync(TInput input, IFileReader files, WorkerContext context, CancellationToken cancellationToken)
    {
        var client = context.Models.Get(options.Model);
        var budget = BudgetOf(client);
        var fitted = await new InputFitter(contract.Capability, options.Model, context.Task, budget, files).FitAsync(InputText.JsonOf(input, contract.InputType), cancellationToken).ConfigureAwait(false);
        var tools = options.OffersTools && files.Revision is not null ? new FileTools(files, budget.Input - fitted.Tokens) : null;
        List<ChatMessage> conversation = [new(ChatRole.User, fitted.Text)];

        var first = Check(await AskAsync(client, Prompt, conversation, tools, cancellationToken).ConfigureAwait(false), fitted, tools);
        if (first.Refusal is not null)
        {
            return Keep(first, CallResult.ReplyValidity.Failed, [first.Refusal]);
        }

        if (first.Reading.Value is not null)
        {
            var kept = new BoundReply(first.Reading.Json) { Warnings = first.Reading.Warnings };
            return await PatchTrial.FailedAsync(first.Reading.Json, files, cancellationToken).ConfigureAwait(false) is { } trial
                ? await MendAsync(trial, first, kept).ConfigureAwait(false)
                : kept;
        }

        Reply second;
        try
        {
            conversation.AddRange(Shown(first, Math.Min(MaxShownAgain, budget.Repair * CharactersPerToken), Complaint(first)));
            second = Check(await AskAsync(client, _repair, conversation, tools, cancellationToken).ConfigureAwait(false), fitted, tools);
        }
        catch (OrchestratorException e) when (e is BudgetExceededException or ModelFailedException)
        {
            // The first reply is paid for; that it cannot be mended must not lose it.
            return Keep(first, CallResult.ReplyValidity.Degraded, [.. Texts(first), $"the reply could not be asked for again: {e.Message}"]);
        }

        return Judge(first, second);

        // The reply keeps its contract and stays what it is, unless the model mends the hunks that do not fit.
        async Task<BoundReply> MendAsync(PatchTrial trial, Reply reply, BoundReply kept)
        {
            try
            {
                conversation.AddRange(Shown(reply, Math.Min(MaxShownAgain, budget.Repair * CharactersPerToken), trial.Request));
                var mended = Check(await AskAsync(client, Prompt, conversation, tools, cancellationToken).ConfigureAwait(false), fitted, tools);
                return mended is { Refusal: null, Reading.Value: not null } && trial.Merge(mended.Reading.Json) is { } whole
                    ? new BoundReply(whole) { Validity = CallResult.ReplyValidity.Repaired, Violations = [trial.Reason], Warnings = kept.Warnings }
                    : kept;
            }
            catch (OrchestratorException e) when (e is BudgetExceededException or ModelFailedException)
            {
                return kept with { Warnings = [.. kept.Warnings, $"hunks that do not fit could not be asked for again: {e.Message}"] };
            }
        }
    }

    /// <summary>What the model's window leaves for the input, after the longer of the two prompts and the schema, which is sent with it.</summary>
    private ContextBudget BudgetOf(IChatClient client)
    {
        const int Tools = 600;
        var model = client.GetService<ModelOptions>() ?? new ModelOptions();
        var prompt = TokenEstimate.Of(_repair.Text) + TokenEstimate.Of(contract.OutputSchema.GetRawText()) + (options.OffersTools ? Tools : 0);
        return new ContextBudget(model.ContextWindow, Math.Min(options.MaxOutputTokens ?? int.MaxValue, model.MaxOutputTokens), prompt);
    }

    /// <summary>A change to lines that the model was never given keeps the contract and would still lose them, so it is asked to do it again.</summary>
    private static Reply Check(Reply reply, InputFitter.Fitted fitted, FileTools? tools) =>
        reply.Reading.Value is not null && SeenCheck.FindProblems(reply.Reading.Json, fitted.Seen, tools?.Shown ?? []) is { Count: > 0 } problems
            ? reply with { Reading = reply.Reading with { Value = null, Violations = problems } }
            : reply;

    private BoundReply Judge(Reply first, Reply second)
    {
        if (second.Reading.Value is null || second.Refusal is not null)
        {
            var violations = Texts(first).Concat((second.Refusal is { } refusal ? [refusal] : Texts(second)).Select(violation => $"Second try: {violation}"));
            var kept = second.Text.Length > 0 ? second : first;
            return Keep(kept, kept.Text.Length == 0 ? CallResult.ReplyValidity.Failed : CallResult.ReplyValidity.Degraded, [.. violations]);
        }

        var lost = RepairCheck.Lost(first.Text, first.Bound, first.Reading.Violations, second.Reading.Json, contract.OutputType);
        return lost.Count > 0
            ? Keep(first, CallResult.ReplyValidity.Degraded, [.. Texts(first), .. lost])
            : new BoundReply(second.Reading.Json) { Validity = CallResult.ReplyValidity.Repaired, Violations = Texts(first), Warnings = second.Reading.Warnings };
    }

    /// <summary>Asks until the model replies instead of looking something up. What it looked up stays in the conversation.</summary>
    private async Task<Reply> AskAsync(IChatClient client, WorkerPrompt prompt, List<ChatMessage> conversation, FileTools? tools, CancellationToken cancellationToken)
    {
        var system = new ChatMessage(ChatRole.System, prompt.Text);
        while (true)
        {
            var mayLook = tools?.TakeTurn() == true;
            var response = await client.GetResponseAsync([system, .. conversation], Options(prompt, tools is not null, mayLook), cancellationToken).ConfigureAwait(false);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (!mayLook || calls.Count == 0)
            {
                return Read(response);
            }

            conversation.AddRange(response.Messages);
            conversation.Add(new ChatMessage(ChatRole.Tool, await tools!.AnswerAsync(calls, cancellationToken).ConfigureAwait(false)));
        }
    }

    private ChatOptions Options(WorkerPrompt prompt, bool hasTools, bool mayLook) => new()
    {
        // Providers that constrain replies to a schema make sections impossible; the prompt says what to do in either case. See docs/decisions.
        ResponseFormat = ChatResponseFormat.ForJsonSchema(contract.OutputSchema, $"{contract.Capability}_v{contract.Version}", $"The reply of {contract.Capability}."),
        MaxOutputTokens = options.MaxOutputTokens,
        Temperature = options.Temperature,
        Tools = hasTools ? [.. FileTools.Offered] : null,

        // A conversation in which tools were called has to go on declaring them.
        ToolMode = hasTools && !mayLook ? ChatToolMode.None : null,
        AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [PromptKeys.Id] = prompt.Id,
            [PromptKeys.Hash] = prompt.Hash,
            [PromptKeys.Strict] = !WorkerPrompt.CarriesCode(contract.OutputType),
        },
    };

    private Reply Read(ChatResponse response)
    {
        var text = response.Text;
        if (response.FinishReason == ChatFinishReason.ContentFilter)
        {
            return new Reply(text, Nothing("the reply was withheld"), default, "the model's provider withheld the reply (content filter)");
        }

        if (text.Length == 0 && response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().FirstOrDefault() is { } error)
        {
            return new Reply(text, Nothing("the model refused"), default, $"the model refused: {error.Message}");
        }

        var (reading, bound) = ReplyReader.Read(text, contract.OutputType);
        if (reading.Value is null && response.FinishReason == ChatFinishReason.Length)
        {
            reading = reading with { Violations = [.. reading.Violations, new Violation("$", "the reply was cut off at its limit of tokens; say it in fewer words")] };
        }

        return new Reply(text, reading, bound, null);
    }

    private static ContractReading<TOutput> Nothing(string why) => new(null, default, [new Violation("$", why)], []);

    /// <summary>The bad reply and what is wrong with it. An empty one is not shown: no provider takes an empty message.</summary>
    private static IEnumerable<ChatMessage> Shown(Reply first, int most, string complaint)
    {
        if (!string.IsNullOrWhiteSpace(first.Text))
        {
            yield return new ChatMessage(ChatRole.Assistant, TextCut.Middle(first.Text, most));
        }

        yield return new ChatMessage(ChatRole.User, complaint);
    }

    private static string Complaint(Reply first)
    {
        var complaint = new StringBuilder("That reply does not keep the contract:\n");
        foreach (var violation in first.Reading.Violations)
        {
            complaint.Append("- ").Append(violation).Append('\n');
        }

        return complaint.Append("\nGive the whole reply again, corrected.").ToString();
    }

    private static List<string> Texts(Reply reply) => [.. reply.Reading.Violations.Select(violation => violation.ToString())];

    private static BoundReply Keep(Reply reply, CallResult.ReplyValidity validity, IReadOnlyList<string> violations)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("raw_text", reply.Text);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return new BoundReply(document.RootElement.Clone()) { Validity = validity, Violations = violations, Warnings = reply.Reading.Warnings };
    }

    private sealed record Reply(string Text, ContractReading<TOutput> Reading, JsonElement Bound, string? Refusal);
}
