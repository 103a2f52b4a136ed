using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>Failures that several operations of this room share.</summary>
internal static class UserProblems
{
    internal static Problem EmailTaken { get; } = Problem.Conflict("email_taken", "Another user of this tenant has that e-mail address.", "email");

    /// <summary>Also for another tenant's user: existence there is not ours to tell.</summary>
    internal static Problem NotFound { get; } = Problem.NotFound("user_not_found", "There is no such user in this tenant.");
    internal static Problem EmailNotFound { get; } = Problem.NotFound("email_not_found", "This user has no such e-mail address.");
}
