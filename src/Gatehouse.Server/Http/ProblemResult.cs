using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Http;

/// <summary>RFC 9457 problem details, the one form of failure of our own APIs.</summary>
public static class ProblemResult
{
    public static ProblemHttpResult ToHttp(this Problem problem)
    {
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal) { ["code"] = problem.Code };
        if (problem.Field is not null) extensions["field"] = problem.Field;
        return TypedResults.Problem(problem.Detail, statusCode: problem.Status, type: $"urn:gatehouse:problem:{problem.Code}", extensions: extensions);
    }
}
