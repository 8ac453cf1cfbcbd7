using System.ClientModel.Primitives;
using System.Globalization;

namespace Orchestrator;

/// <summary>The server turned a request down, or its reply is none.</summary>
internal sealed class OpenAIRequestException : Exception
{
    /// <param name="status">The HTTP status, which the metered client reads; zero where there is none.</param>
    /// <param name="message">What happened, and what to do about it.</param>
    public OpenAIRequestException(int status, string message)
        : base(message) => Status = status;

    public int Status { get; }

    /// <summary>Says how long the server wants to be left alone, where the metered client looks for it.</summary>
    public OpenAIRequestException WithRetryAfter(PipelineResponseHeaders headers)
    {
        if (headers.TryGetValue("retry-after-ms", out var milliseconds) && Number(milliseconds) is { } exact)
        {
            Data["Retry-After"] = TimeSpan.FromMilliseconds(exact);
        }
        else if (headers.TryGetValue("Retry-After", out var header) && Number(header) is { } seconds)
        {
            Data["Retry-After"] = TimeSpan.FromSeconds(seconds);
        }
        else if (Date(header) is { } until && headers.TryGetValue("Date", out var sent) && Date(sent) is { } now)
        {
            // By the server's own clock, which need not agree with the one here.
            Data["Retry-After"] = until > now ? until - now : TimeSpan.Zero;
        }

        return this;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 86_400_000 ? number : null;

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
