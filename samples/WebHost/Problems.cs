using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Orchestrator;

namespace WebHost;

/// <summary>Turns what went wrong into problem details. What is the caller's to put right is said; anything else stays in the log.</summary>
internal sealed class Problems(IProblemDetailsService writer) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        int? status = exception switch
        {
            RunNotFoundException => StatusCodes.Status404NotFound,
            TaskRejectedException => StatusCodes.Status400BadRequest,
            BadHttpRequestException bad => bad.StatusCode,
            JournalConflictException or JournalCorruptException or SqliteJournalException => null,
            OrchestratorException => StatusCodes.Status409Conflict,
            _ => null,
        };
        if (status is null)
        {
            return false;
        }

        context.Response.StatusCode = status.Value;
        return await writer.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails = new ProblemDetails { Status = status, Detail = exception.Message },
        });
    }
}
