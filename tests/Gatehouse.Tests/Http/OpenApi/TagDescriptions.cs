namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>What the operations of one tag are about.</summary>
internal static class TagDescriptions
{
    private static readonly Dictionary<string, string> written = new(StringComparer.Ordinal)
    {
        ["activity"] = "What happened to the account lately.",
        ["api_keys"] = "Secrets that programs act with.",
        ["apis"] = "The APIs that tokens are for, their scopes and the permissions they register.",
        ["audit"] = "What was done, by whom; its export, retention, holds and streams.",
        ["authenticator_metadata"] = "What the FIDO Metadata Service says of authenticators.",
        ["clients"] = "Applications and programs, and their secrets.",
        ["consents"] = "Applications that the person let in.",
        ["data"] = "Everything that is kept of the person, as one file.",
        ["devices"] = "Browsers that are trusted with the second step.",
        ["domains"] = "Domains of an organization and the proof that they are its own.",
        ["emails"] = "The person's e-mail addresses.",
        ["flow_keys"] = "Keys by which flows speak with web hooks and pages of the tenant's own.",
        ["flows"] = "Sign-in and registration, step by step.",
        ["groups"] = "People who are given roles together.",
        ["invitation_batches"] = "Many invitations at once, with the result of each.",
        ["invitations"] = "Invitations to an organization.",
        ["jobs"] = "Work that goes on after its request.",
        ["keys"] = "The keys that tokens are signed with.",
        ["mail_templates"] = "The tenant's own wording of messages.",
        ["members"] = "Who belongs to an organization.",
        ["notices"] = "Which messages the person wants.",
        ["organization_schema"] = "What metadata of organizations must look like.",
        ["organizations"] = "Organizations inside a tenant, with their groups and roles.",
        ["own_api_keys"] = "Keys that the person's programs act with.",
        ["own_invitations"] = "Invitations to the person.",
        ["own_organizations"] = "Organizations that the person belongs to or may join.",
        ["passkeys"] = "The person's passkeys.",
        ["password"] = "The person's password.",
        ["permissions"] = "What may be permitted, and whether somebody may do it.",
        ["phones"] = "The person's numbers.",
        ["profile"] = "Who the person is, and the end of the account.",
        ["recoveries"] = "Accounts whose owner has lost every way in.",
        ["recovery"] = "A recovery of this account that is under way.",
        ["requests"] = "Who asks to join an organization.",
        ["role_assignments"] = "Who holds which role, where and how long.",
        ["roles"] = "Permissions under one name.",
        ["sessions"] = "Where somebody is signed in.",
        ["tenants"] = "Tenants, their settings and addresses.",
        ["two_step"] = "The person's second step.",
        ["users"] = "People, with their addresses, numbers, credentials, sessions and roles.",
    };

    /// <summary>Of a tag that nobody wrote of, its name in words.</summary>
    internal static string Of(string tag) => written.GetValueOrDefault(tag) ?? char.ToUpperInvariant(tag[0]) + tag[1..].Replace('_', ' ') + ".";
}
