using Gatehouse.Kernel;

namespace Gatehouse.Users;

/// <summary>The rules of a user's set of addresses.</summary>
internal static class UserEmails
{
    internal const int MaxPerUser = 10;

    internal static Problem WrongNumber { get; } = Problem.Invalid("emails_invalid", $"A user has one to {MaxPerUser} e-mail addresses.", "emails");
    internal static Problem Repeated { get; } = Problem.Invalid("emails_invalid", "An address is given twice.", "emails");

    /// <summary>Every user keeps an address to sign in with and to be reached at.</summary>
    internal static Problem IsPrimary { get; } = Problem.Conflict("email_primary", "The primary address cannot be removed. Make another one primary first.");
}
