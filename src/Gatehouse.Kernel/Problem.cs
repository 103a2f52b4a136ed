namespace Gatehouse.Kernel;

/// <summary>An expected failure of one of our own APIs; rendered as RFC 9457 problem details by the Http room.</summary>
/// <param name="Code">Stable, snake_case, listed in docs/errors.md; clients switch on it.</param>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Detail">What to do next, for a person. Never a private reason.</param>
/// <param name="Field">The JSON member or form field at fault, when there is one.</param>
public sealed record Problem(string Code, int Status, string Detail, string? Field = null)
{
    public static Problem BadRequest(string code, string detail, string? field = null) => new(code, 400, detail, field);
    public static Problem Unauthorized(string code, string detail) => new(code, 401, detail);
    public static Problem Forbidden(string code, string detail) => new(code, 403, detail);

    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    public static Problem NotFound(string code, string detail) => new(code, 404, detail);
    public static Problem Conflict(string code, string detail, string? field = null) => new(code, 409, detail, field);
    public static Problem PreconditionFailed(string code, string detail) => new(code, 412, detail);
    public static Problem Invalid(string code, string detail, string? field = null) => new(code, 422, detail, field);
    public static Problem TooMany(string code, string detail) => new(code, 429, detail);
    public static Problem Unavailable(string code, string detail) => new(code, 503, detail);
}
