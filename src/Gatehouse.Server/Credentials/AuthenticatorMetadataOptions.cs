using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Protocols.WebAuthn;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>Where this process has the FIDO Alliance's list of authenticators from (MDS 3). Section <c>AuthenticatorMetadata</c>. At most one of file and address.</summary>
public sealed class AuthenticatorMetadataOptions
{
    public const string Section = "AuthenticatorMetadata";

    /// <summary>A file that holds the list as it was downloaded; read again when it changes. Empty (the default): none.</summary>
    public string File { get; set; } = "";

    /// <summary>
    /// An address that the list is fetched from, for example <c>https://mds3.fidoalliance.org/</c>; https, or http on a loopback address. What was fetched is
    /// kept in <c>Storage:DataDirectory</c> as <c>authenticator-metadata.jwt</c>. Empty (the default): none.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>How often it is fetched. 1 hour to 30 days; default 1 day. After a failure, and after the list's own date, once an hour.</summary>
    public TimeSpan Refresh { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long after its own date (<c>nextUpdate</c>) a list is still believed. 0 to 90 days; default 14 days. Then policies that need it refuse new passkeys.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(14);

    /// <summary>A PEM file of the authorities whose lists are believed. Empty (the default): those of the FIDO Alliance.</summary>
    public string Roots { get; set; } = "";

    /// <summary>
    /// The DNS name in the certificate that signs the list. Empty (the default): <c>mds.fidoalliance.org</c> with the FIDO Alliance's authorities, which sign
    /// for half of the web; any name with authorities of one's own.
    /// </summary>
    public string SignerName { get; set; } = "";

    internal MetadataTrust Trust()
    {
        if (Roots.Length == 0) return SignerName.Length == 0 ? MetadataTrust.Fido : MetadataTrust.Fido with { SignerName = SignerName };
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(Roots);
        return new([.. roots], SignerName.Length == 0 ? null : SignerName);
    }
}

/// <summary>A wrong value stops the start: a policy that rests on it must not find nothing.</summary>
internal sealed class AuthenticatorMetadataOptionsValidator : IValidateOptions<AuthenticatorMetadataOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthenticatorMetadataOptions options)
    {
        List<string> faults = [];
        if (options.File.Length > 0 && options.Url.Length > 0) faults.Add("AuthenticatorMetadata: File and Url cannot both be set.");
        if (options.Url.Length > 0 && !(Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))))
            faults.Add("AuthenticatorMetadata:Url must be an https address.");
        if (options.Refresh < TimeSpan.FromHours(1) || options.Refresh > TimeSpan.FromDays(30)) faults.Add("AuthenticatorMetadata:Refresh must be 01:00:00 to 30.00:00:00.");
        if (options.Grace < TimeSpan.Zero || options.Grace > TimeSpan.FromDays(90)) faults.Add("AuthenticatorMetadata:Grace must be 00:00:00 to 90.00:00:00.");
        try
        {
            if (options.Trust().Roots.Count == 0) faults.Add("AuthenticatorMetadata:Roots holds no certificate.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add("AuthenticatorMetadata:Roots cannot be read as a PEM file of certificates.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
