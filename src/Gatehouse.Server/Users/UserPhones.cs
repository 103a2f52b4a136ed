using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>The rules of a user's set of telephone numbers. She need not have one.</summary>
internal static class UserPhones
{
    internal const int MaxPerUser = 5;

    internal static Problem Invalid { get; } = Problem.Invalid("phone_invalid", "Give the number with its country, for example +49 170 1234567.", "number");
    internal static Problem TooMany { get; } = Problem.Invalid("phones_too_many", $"A user has at most {MaxPerUser} telephone numbers.", "number");
    internal static Problem Taken { get; } = Problem.Conflict("phone_taken", "Another user of this tenant has that number, or this user already has it.", "number");
    internal static Problem NotFound { get; } = Problem.NotFound("phone_not_found", "This user has no such telephone number.");
    internal static Problem IsPrimary { get; } = Problem.Conflict("phone_primary", "The primary number is removed last. Make another one primary first.");
}
