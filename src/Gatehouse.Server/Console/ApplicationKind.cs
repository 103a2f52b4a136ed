using Gatehouse.Applications;

namespace Gatehouse.Console;

/// <summary>What an administrator calls an application; each is a sensible setting of the client behind it.</summary>
public enum ApplicationKind { Web, SinglePage, Native, Machine }

internal static class ApplicationKinds
{
    internal static IReadOnlyList<ApplicationKind> All { get; } = [ApplicationKind.Web, ApplicationKind.SinglePage, ApplicationKind.Native, ApplicationKind.Machine];

    private static readonly string[] people = ["openid", "profile", "email", "offline_access"];

    /// <summary>Its name in addresses and forms.</summary>
    internal static string Text(ApplicationKind kind) => kind switch
    {
        ApplicationKind.Web => "web",
        ApplicationKind.SinglePage => "spa",
        ApplicationKind.Native => "native",
        _ => "machine",
    };

    internal static ApplicationKind? Parse(string? text)
    {
        foreach (var kind in All)
            if (Text(kind) == text) return kind;
        return null;
    }

    /// <summary>Applications made here are the tenant's own, so people are not asked for consent.</summary>
    internal static NewClient Make(ApplicationKind kind, string name, IReadOnlyList<string> redirectUris, IReadOnlyList<string> postLogoutUris, IReadOnlyList<string> scopes) => kind switch
    {
        ApplicationKind.Machine => new(name, ClientType.Confidential, FirstParty: true, [], [], ["client_credentials"], scopes),
        ApplicationKind.Web => new(name, ClientType.Confidential, FirstParty: true, redirectUris, postLogoutUris, ["authorization_code", "refresh_token"], people),
        _ => new(name, ClientType.Public, FirstParty: true, redirectUris, postLogoutUris, ["authorization_code", "refresh_token"], people),
    };
}
