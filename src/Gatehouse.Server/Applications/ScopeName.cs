using System.Buffers;
using System.Collections.Frozen;
using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>Names of scopes: the standard ones, the management API's, and those an API registers.</summary>
public static class ScopeName
{
    internal const int MaxLength = 100;

    /// <summary>What an application is allowed to learn of what a person holds; which claims tell it, rules say (Claims).</summary>
    public const string Roles = "roles", Groups = "groups", Permissions = "permissions";

    /// <summary>OpenID Connect Core §5.4 and §11, and our own for the organization she works in and for what she holds.</summary>
    public static FrozenSet<string> Standard { get; } = FrozenSet.Create(StringComparer.Ordinal, "openid", "profile", "email", "phone", "offline_access", Organizations.OrganizationDemand.Scope, Roles, Groups, Permissions);

    /// <summary>The management API's, which every tenant has from the start.</summary>
    public static FrozenSet<string> Management { get; } = Http.Scopes.All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Those that need no API to register them: standard, of the management API, of the account API.</summary>
    internal static bool IsBuiltIn(string name) => Standard.Contains(name) || Management.Contains(name) || Http.AccountScopes.All.Contains(name, StringComparer.Ordinal);

    // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    private static readonly SearchValues<char> allowed =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Where(c => c is not ('"' or '\\')).Select(c => (char)c)]);

    /// <returns>Null when an API may register it.</returns>
    internal static Problem? Check(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxLength || name.AsSpan().ContainsAnyExcept(allowed))
            return Problem.Invalid("scope_invalid", $"A scope has 1 to {MaxLength} visible ASCII characters, without space, quote or backslash (RFC 6749 §3.3).", "scopes");
        return IsBuiltIn(name)
            ? Problem.Invalid("scope_reserved", $"The scope {name} has a meaning of its own here. Choose another name.", "scopes")
            : null;
    }
}
