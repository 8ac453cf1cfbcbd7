namespace Orchestrator;

/// <summary>What one server has turned out not to understand. Learned from its complaints and kept for as long as its client.</summary>
/// <remarks>A request that is turned down for its form costs nothing, so it is put differently and sent again at once. Safe for concurrent use.</remarks>
internal sealed class Dialect
{
    private readonly Lock _gate = new();
    private readonly bool _mayDropSchema;
    private bool _takesMaxTokens;
    private bool _hasSettledLimit;
    private bool _takesSchema;
    private bool _takesStrict = true;
    private bool _takesTemperature;
    private bool _takesUsage = true;
    private bool _takesEffort = true;

    public Dialect(OpenAITarget target)
    {
        _takesMaxTokens = !target.IsOpenAI;
        _takesSchema = target.Options.Structure != OpenAIModelOptions.StructuredOutput.Prompt;
        _mayDropSchema = target.Options.Structure == OpenAIModelOptions.StructuredOutput.Auto;
        _takesTemperature = !(target.IsOpenAI && IsReasoning(target.Model));
    }

    /// <summary>The name of the limit of output tokens: OpenAI renamed it when reasoning came to count, other servers know the old name.</summary>
    public ReadOnlySpan<byte> LimitName => _takesMaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8;

    public bool TakesSchema => _takesSchema;

    public bool TakesStrict => _takesStrict;

    public bool TakesTemperature => _takesTemperature;

    public bool TakesUsage => _takesUsage;

    public bool TakesEffort => _takesEffort;

    /// <summary>What a request would say; two that say the same differ in nothing that was learned.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            return $"{_takesMaxTokens} {_takesSchema} {_takesStrict} {_takesTemperature} {_takesUsage} {_takesEffort}";
        }
    }

    /// <summary>Learns from a complaint.</summary>
    /// <returns>Whether putting the request differently may help.</returns>
    public bool Learn(int status, string complaint)
    {
        lock (_gate)
        {
            return LearnOnce(status, complaint);
        }
    }

    private bool LearnOnce(int status, string complaint)
    {
        if (status is not (400 or 404 or 415 or 422 or 500 or 501))
        {
            return false;
        }

        if (Speaks(complaint, "response_format", "json_schema", "structured output", "guided", "grammar"))
        {
            return LearnSchema(complaint);
        }

        // The two servers that matter say: "Unsupported parameter: 'max_tokens' …. Use 'max_completion_tokens' instead."
        if (status is 400 or 422 && Speaks(complaint, "max_tokens", "max_completion_tokens") && Speaks(complaint, "unsupported", "not supported", "unrecognized", "unknown", "unexpected", "extra", "not permitted", "instead"))
        {
            return LearnLimit();
        }

        return (status is 400 or 422)
            && ((Speaks(complaint, "stream_options", "include_usage") && Set(ref _takesUsage))
                || (Speaks(complaint, "temperature", "top_p") && Set(ref _takesTemperature))
                || (Speaks(complaint, "reasoning_effort") && Set(ref _takesEffort)));
    }

    private bool LearnSchema(string complaint)
    {
        // "Invalid schema for response_format": the server knows schemas and is stricter about them than the subset that contracts keep to.
        return (_takesSchema && Speaks(complaint, "invalid schema") && Set(ref _takesStrict)) || (_mayDropSchema && Set(ref _takesSchema));
    }

    private bool LearnLimit()
    {
        if (_hasSettledLimit)
        {
            return false;
        }

        _hasSettledLimit = true;
        _takesMaxTokens = !_takesMaxTokens;
        return true;
    }

    private static bool Set(ref bool takes)
    {
        var before = takes;
        takes = false;
        return before;
    }

    private static bool Speaks(string complaint, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (complaint.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Models that refuse a temperature; those that are missing here are learned.</summary>
    private static bool IsReasoning(string model) =>
        (model is ['o', >= '1' and <= '9', ..] || model.StartsWith("gpt-5", StringComparison.OrdinalIgnoreCase)) && !model.Contains("chat", StringComparison.OrdinalIgnoreCase);
}
