using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Why one request got no reply, and whether sending it again may help.</summary>
/// <param name="IsPassing">Whether the reason may have passed by the next time.</param>
/// <param name="Message">The reason, in words.</param>
/// <param name="RetryAfter">How long the other side asked to be left alone.</param>
/// <param name="WasRefused">Whether the other side turned the request down before it worked on it, so that it cost nothing.</param>
internal sealed record ModelFailure(bool IsPassing, string Message, TimeSpan? RetryAfter = null, bool WasRefused = false)
{
    /// <summary>How Anthropic's API names passing failures in the middle of a stream, where there is no status any more (https://platform.claude.com/docs/en/api/errors).</summary>
    private static readonly string[] PassingTypes = ["overloaded_error", "rate_limit_error", "timeout_error", "api_error"];

    private const string Final = "final: ";
    private const string Passing = "passing: ";

    /// <summary>The text of a failed receipt. Whether it was final stands in it, so that after a crash a final failure is not tried once more.</summary>
    public string ForReceipt => (IsPassing ? Passing : Final) + Message;

    public static ModelFailure FromReceipt(string error) => error.StartsWith(Final, StringComparison.Ordinal)
        ? new ModelFailure(false, error[Final.Length..])
        : new ModelFailure(true, error.StartsWith(Passing, StringComparison.Ordinal) ? error[Passing.Length..] : error);

    public static ModelFailure Of(Exception exception)
    {
        for (var each = exception; each is not null; each = each.InnerException)
        {
            if (StatusOf(each) is { } status)
            {
                var isPassing = status is 408 or 409 or 425 or 429 or >= 500;
                return new ModelFailure(isPassing, Describe(exception, status), RetryAfterOf(each), WasRefused: true);
            }
        }

        for (var each = exception; each is not null; each = each.InnerException)
        {
            switch (each)
            {
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }:
                case SocketException:
                    return new ModelFailure(true, Describe(exception, null), WasRefused: true);
                case HttpRequestException or IOException or TimeoutException or OperationCanceledException or JsonException:
                    return new ModelFailure(true, Describe(exception, null));
            }
        }

        return new ModelFailure(PassingTypes.Any(type => exception.Message.Contains(type, StringComparison.Ordinal)), Describe(exception, null));
    }

    private static string Describe(Exception exception, int? status)
    {
        var kind = status is { } code ? $"HTTP {code.ToString(CultureInfo.InvariantCulture)}, " : "";

        // Where a client keeps the server's words apart, its own message says nothing.
        var message = Get(exception, "ApiMessage") as string is { Length: > 0 } said ? said : exception.Message;
        message = message.Length > 2_000 ? message[..2_000] + "…" : message;
        return $"{kind}{exception.GetType().Name}: {message}";
    }

    private static int? StatusOf(Exception exception)
    {
        if (exception is HttpRequestException http)
        {
            return (int?)http.StatusCode;
        }

        return AsStatus(Get(exception, "Status")) ?? AsStatus(Get(exception, "StatusCode"));
    }

    private static int? AsStatus(object? value)
    {
        int? status = value switch
        {
            int number => number,
            HttpStatusCode code => (int)code,
            _ => null,
        };
        return status is >= 100 and <= 599 ? status : null;
    }

    private static TimeSpan? RetryAfterOf(Exception exception)
    {
        var found = exception.Data["Retry-After"] ?? Get(exception, "RetryAfter");
        return found switch
        {
            TimeSpan span when span >= TimeSpan.Zero => span,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400 => TimeSpan.FromSeconds(seconds),
            int seconds and >= 0 => TimeSpan.FromSeconds(seconds),
            _ => null,
        };
    }

    /// <summary>A property of an exception whose package is not referenced here: the official clients all have a status, under two names.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Where trimming took the property away, the status is unknown and the failure counts as final, which is safe.")]
    private static object? Get(Exception exception, string name)
    {
        try
        {
            return exception.GetType().GetProperty(name) is { CanRead: true } property && property.GetIndexParameters().Length == 0 ? property.GetValue(exception) : null;
        }
        catch (Exception e) when (e is System.Reflection.TargetInvocationException or System.Reflection.AmbiguousMatchException or NotSupportedException)
        {
            return null;
        }
    }
}
