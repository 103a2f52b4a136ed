using System.Data.Common;
using System.Diagnostics;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Http;

/// <summary>
/// The one place where exceptions become answers: what the client did wrong below our handlers (400, 413), an outage of the database
/// or a transaction that it ended in favour of another (503), a bug (500 with the trace id, and nothing else, to find it by). Expected
/// failures never come here: they are values.
/// </summary>
public sealed partial class FailureHandling(RequestDelegate next, ILogger<FailureHandling> log)
{
    // PostgreSQL's: of two transactions that wait for each other, this one was ended.
    private const string DeadlockLost = "40P01", SerializationLost = "40001";

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer. 499 is for the metrics.
            if (!http.Response.HasStarted) http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, e);
        }
        // A response that has begun cannot be taken back: the exception goes on and Kestrel closes the connection.
    }

    private async Task AnswerAsync(HttpContext http, Exception e)
    {
        var (problem, title) = e switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                (new Problem("body_too_large", 413, $"A request body may have {FormReader.MaxBodyBytes} bytes."), "Too much at once"),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
                (new Problem("media_type_unsupported", 415, "Send the body as application/json."), "Not a type we read"),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
                (new Problem("request_timeout", 408, "The request took too long to arrive."), "Too slow"),
            BadHttpRequestException => (Problem.BadRequest("request_malformed", "The request is not well-formed."), "Not a request we understand"),
            // Not tried again here: the handler has read its request and may hold what it found in the transaction that is gone.
            DbException { SqlState: DeadlockLost or SerializationLost } =>
                (Problem.Unavailable("database_busy", "The database gave way to another change that was made at the same time. Try again."), "Back in a moment"),
            DbException { IsTransient: true } => (Problem.Unavailable("database_unavailable", "The server cannot reach its database at the moment. Try again shortly."), "Back in a moment"),
            _ => (new Problem("internal_error", 500, "Something went wrong on our side. Tell the operator the trace id."), "Something went wrong"),
        };
        switch (problem.Status)
        {
            case 500: LogFailure(log, e, http.Request.Method, http.Request.Path); break;
            case 503 when e is DbException { SqlState: DeadlockLost or SerializationLost }: LogLost(log, http.Request.Method, http.Request.Path, e); break;
            case 503: LogOutage(log, e); break;
            default: LogRefused(log, problem.Code, e.Message); break;
        }
        var id = http.TraceIdentifier;
        SecurityHeaders.StartAnew(http);
        if (problem.Status == 503) http.Response.Headers.RetryAfter = "2";
        if (problem.Status == 500) problem = problem with { Detail = $"{problem.Detail} Trace id: {Activity.Current?.TraceId.ToString() ?? id}." };
        await PlainPage.AnswerAsync(http, problem, title);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled failure of {Method} {Path}")]
    private static partial void LogFailure(ILogger log, Exception e, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not available")]
    private static partial void LogOutage(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was undone by the database in favour of another change")]
    private static partial void LogLost(ILogger log, string method, string path, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused a request as {Code}: {Reason}")]
    private static partial void LogRefused(ILogger log, string code, string reason);
}
